/*
 * What wakes the event loop: readiness of foreign descriptors, and signals by number.
 *
 * libuv's header is not part of node-api-headers, so the few libuv functions that the node binary
 * exports are declared here by hand; a handle is as long as uv_handle_size says.
 */
#define _GNU_SOURCE
#include "args.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct uv_loop_s uv_loop_t;
typedef struct uv_poll_s uv_poll_t;
typedef void (*uv_poll_cb)(uv_poll_t *handle, int status, int events);
typedef void (*uv_close_cb)(void *handle);
enum { UV_HANDLE_POLL = 8 };
extern size_t uv_handle_size(int type);
extern int uv_poll_init(uv_loop_t *loop, uv_poll_t *handle, int fd);
extern int uv_poll_start(uv_poll_t *handle, int events, uv_poll_cb callback);
extern int uv_poll_stop(uv_poll_t *handle);
extern void uv_close(void *handle, uv_close_cb callback);
extern void uv_ref(void *handle);
extern void uv_unref(void *handle);
extern int uv_is_closing(const void *handle);

/* One polled descriptor. `handle` is libuv's; its first field, `void *data`, points back here. */
struct poller {
  napi_env env;
  napi_ref callback;
  napi_async_context context;
  int events;
  void **handle;
};

static void poller_freed(void *handle) {
  struct poller *poller = *(void **)handle;
  free(handle);
  free(poller);
}

static void poller_ready(uv_poll_t *handle, int status, int events) {
  struct poller *poller = *(void **)handle;
  napi_env env = poller->env;
  napi_handle_scope scope;
  napi_value receiver, callback, result, ready;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  /* libuv stops a descriptor that has an error pending; the reader takes the error by reading. */
  if (status < 0) uv_poll_start(handle, poller->events, poller_ready);
  napi_get_global(env, &receiver);
  napi_get_reference_value(env, poller->callback, &callback);
  napi_create_int32(env, status < 0 ? status : events, &ready);
  if (napi_make_callback(env, poller->context, receiver, callback, 1, &ready, &result) == napi_pending_exception) {
    napi_value error;
    napi_get_and_clear_last_exception(env, &error);
    napi_fatal_exception(env, error);
  }
  napi_close_handle_scope(env, scope);
}

/* Before the environment goes: the handle must be off its loop. */
static void poller_cleanup(void *data) {
  struct poller *poller = data;
  if (!uv_is_closing(poller->handle)) uv_close(poller->handle, poller_freed);
}

/* pollOpen(fd, callback): an external. The descriptor stays the caller's and becomes non-blocking. */
static napi_value sys_poll_open(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  uv_loop_t *loop = NULL;
  napi_get_uv_event_loop(env, (struct uv_loop_s **)&loop);
  struct poller *poller = calloc(1, sizeof *poller);
  void **handle = calloc(1, uv_handle_size(UV_HANDLE_POLL));
  int status = poller && handle ? uv_poll_init(loop, (uv_poll_t *)handle, (int)arg_number(&args, 0)) : -ENOMEM;
  if (status < 0) {
    free(poller);
    free(handle);
    return number(env, status);
  }
  poller->env = env;
  poller->handle = handle;
  *handle = poller;
  napi_value name, external;
  napi_create_string_utf8(env, "keelson", NAPI_AUTO_LENGTH, &name);
  napi_async_init(env, NULL, name, &poller->context);
  napi_create_reference(env, args.value[1], 1, &poller->callback);
  napi_add_env_cleanup_hook(env, poller_cleanup, poller);
  napi_create_external(env, poller, NULL, NULL, &external);
  return external;
}

static struct poller *arg_poller(const struct args *args, size_t i) {
  void *poller = NULL;
  napi_get_value_external(args->env, args->value[i], &poller);
  return poller;
}

/* pollStart(poller, events): 1 readable, 2 writable. */
static napi_value sys_poll_start(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct poller *poller = arg_poller(&args, 0);
  if (!poller) return number(env, -EINVAL);
  poller->events = (int)arg_number(&args, 1);
  return number(env, uv_poll_start((uv_poll_t *)poller->handle, poller->events, poller_ready));
}

static napi_value sys_poll_stop(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct poller *poller = arg_poller(&args, 0);
  return number(env, poller ? uv_poll_stop((uv_poll_t *)poller->handle) : -EINVAL);
}

/* pollKeepAlive(poller, yes): whether it alone keeps the event loop running. */
static napi_value sys_poll_keep_alive(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct poller *poller = arg_poller(&args, 0);
  if (!poller) return number(env, -EINVAL);
  if (arg_number(&args, 1))
    uv_ref(poller->handle);
  else
    uv_unref(poller->handle);
  return number(env, 0);
}

/* pollClose(poller): call once, before closing the descriptor; the external is dead afterwards. */
static napi_value sys_poll_close(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct poller *poller = arg_poller(&args, 0);
  if (!poller) return number(env, -EINVAL);
  napi_remove_env_cleanup_hook(env, poller_cleanup, poller);
  uv_poll_stop((uv_poll_t *)poller->handle);
  napi_async_destroy(env, poller->context);
  napi_delete_reference(env, poller->callback);
  uv_close(poller->handle, poller_freed);
  return number(env, 0);
}

static int signal_pipe[2] = {-1, -1};

static void signal_arrived(int signal) {
  int saved = errno;
  uint8_t byte = (uint8_t)signal;
  if (write(signal_pipe[1], &byte, 1) < 0) {
    /* The pipe holds thousands of unread signals; one more says nothing new. */
  }
  errno = saved;
}

/* signalPipe(): a descriptor that gives one byte, the number, for each subscribed signal. */
static napi_value sys_signal_pipe(napi_env env, napi_callback_info info) {
  (void)info;
  if (signal_pipe[0] < 0 && pipe2(signal_pipe, O_NONBLOCK | O_CLOEXEC) < 0) return outcome(env, -1);
  return number(env, signal_pipe[0]);
}

/* signalAction(signal, action): 0 default, 1 ignore, 2 write to the pipe. */
static napi_value sys_signal_action(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  int64_t wanted = arg_number(&args, 1);
  struct sigaction action = {.sa_flags = SA_RESTART};
  if (wanted == 2 && signal_pipe[0] < 0) return number(env, -EBADF);
  if (wanted == 2)
    action.sa_handler = signal_arrived;
  else
    action.sa_handler = wanted == 1 ? SIG_IGN : SIG_DFL;
  return outcome(env, sigaction((int)arg_number(&args, 0), &action, NULL));
}

void register_events(napi_env env, napi_value exports) {
  static const struct function functions[] = {
      {"pollOpen", sys_poll_open},
      {"pollStart", sys_poll_start},
      {"pollStop", sys_poll_stop},
      {"pollKeepAlive", sys_poll_keep_alive},
      {"pollClose", sys_poll_close},
      {"signalPipe", sys_signal_pipe},
      {"signalAction", sys_signal_action},
  };
  register_functions(env, exports, functions, sizeof functions / sizeof functions[0]);
}
