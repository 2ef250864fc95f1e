/* Shared by the C files of the addon: reading arguments and making results. No logic lives here. */
#ifndef KEELSON_ADDON_H
#define KEELSON_ADDON_H

#define NAPI_VERSION 8
#include <node_api.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* One function that TypeScript sees. */
struct function {
  const char *name;
  napi_callback call;
};

/* Adds `count` functions to `exports`. */
void register_functions(napi_env env, napi_value exports, const struct function *functions, size_t count);

/* Milliseconds of a clock, with a fraction; defined in descriptors.c. */
double clock_ms(clockid_t clock);

/* Each adds the functions of the file that it is named after. */
void register_descriptors(napi_env env, napi_value exports);
void register_sockets(napi_env env, napi_value exports);
void register_events(napi_env env, napi_value exports);
void register_process(napi_env env, napi_value exports);

/* Adds the bpf(2) functions to `exports`; defined in bpf.c. */
napi_value register_bpf(napi_env env, napi_value exports);

#endif
