/*
 * System calls that Node does not offer, on the stable Node-API. There is no logic here: a function
 * is one system call (or one loop over a batch), takes numbers and Uint8Arrays, and returns the
 * result of the call, or the negative errno. Nothing throws for an errno.
 */
#include "addon.h"

void register_functions(napi_env env, napi_value exports, const struct function *functions, size_t count) {
  for (size_t i = 0; i < count; i++) {
    napi_value function;
    napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, NULL, &function);
    napi_set_named_property(env, exports, functions[i].name, function);
  }
}

static napi_value init(napi_env env, napi_value exports) {
  register_descriptors(env, exports);
  register_sockets(env, exports);
  register_events(env, exports);
  register_process(env, exports);
  return register_bpf(env, exports);
}

NAPI_MODULE(syscalls, init)
