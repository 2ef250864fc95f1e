/*
 * The process itself: its program, namespaces, mounts, scheduling, memory, limits.
 */
#define _GNU_SOURCE
#include "args.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static napi_value sys_setns(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  return outcome(env, setns((int)arg_number(&args, 0), (int)arg_number(&args, 1)));
}

static napi_value sys_unshare(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  return outcome(env, unshare((int)arg_number(&args, 0)));
}

/* mount(source, target, type, flags, options) */
static napi_value sys_mount(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  char source[1024], target[1024], type[64], options[1024];
  arg_text(&args, 0, source, sizeof source);
  arg_text(&args, 1, target, sizeof target);
  arg_text(&args, 2, type, sizeof type);
  arg_text(&args, 4, options, sizeof options);
  return outcome(env, mount(source, target, type[0] ? type : NULL, (unsigned long)arg_number(&args, 3),
                            options[0] ? options : NULL));
}

static napi_value sys_umount(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  char target[1024];
  arg_text(&args, 0, target, sizeof target);
  return outcome(env, umount2(target, (int)arg_number(&args, 1)));
}

/* schedSetScheduler(pid, policy, priority): pid 0 is the calling thread. */
static napi_value sys_sched_setscheduler(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct sched_param param = {.sched_priority = (int)arg_number(&args, 2)};
  return outcome(env, sched_setscheduler((pid_t)arg_number(&args, 0), (int)arg_number(&args, 1), &param));
}

static napi_value sys_sched_getscheduler(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  return outcome(env, sched_getscheduler((pid_t)arg_number(&args, 0)));
}

/* setPriority(which, who, nice) */
static napi_value sys_setpriority(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  return outcome(env, setpriority((__priority_which_t)arg_number(&args, 0), (id_t)arg_number(&args, 1),
                                  (int)arg_number(&args, 2)));
}

/* mlock(address, length): what is in memory stays there, what is not stays once it was used. */
static napi_value sys_mlock(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  return outcome(env, mlock2((void *)arg_number(&args, 0), (size_t)arg_number(&args, 1), MLOCK_ONFAULT));
}

/* A limit as a number; anything from 2^53 up is "no limit". */
static rlim_t limit(double value) {
  return value >= 9007199254740992.0 ? RLIM_INFINITY : (rlim_t)value;
}

/* setRlimit(resource, soft, hard) */
static napi_value sys_setrlimit(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct rlimit limits = {limit(arg_double(&args, 1)), limit(arg_double(&args, 2))};
  return outcome(env, setrlimit((__rlimit_resource_t)arg_number(&args, 0), &limits));
}

/* prctl(option, number | Uint8Array) */
static napi_value sys_prctl(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes text = arg_bytes(&args, 1);
  unsigned long value = text.data ? (unsigned long)text.data : (unsigned long)arg_number(&args, 1);
  return outcome(env, prctl((int)arg_number(&args, 0), value, 0, 0, 0));
}

/* A null-terminated vector of the texts of an array, or NULL without memory. What was made before a failure leaks. */
static char **text_vector(napi_env env, napi_value array) {
  uint32_t count = 0;
  napi_get_array_length(env, array, &count);
  char **vector = calloc(count + 1, sizeof *vector);
  for (uint32_t i = 0; vector && i < count; i++) {
    napi_value text;
    size_t length = 0;
    napi_get_element(env, array, i, &text);
    napi_get_value_string_utf8(env, text, NULL, 0, &length);
    vector[i] = malloc(length + 1);
    if (!vector[i]) return NULL;
    napi_get_value_string_utf8(env, text, vector[i], length + 1, &length);
  }
  return vector;
}

/* execve(path, arguments, environment): returns only when it fails; the caller ends soon after that. */
static napi_value sys_execve(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  char path[4096];
  arg_text(&args, 0, path, sizeof path);
  char **arguments = text_vector(env, args.value[1]);
  char **environment = text_vector(env, args.value[2]);
  if (!arguments || !environment) return number(env, -ENOMEM);
  return outcome(env, execve(path, arguments, environment));
}

void register_process(napi_env env, napi_value exports) {
  static const struct function functions[] = {
      {"setns", sys_setns},
      {"unshare", sys_unshare},
      {"mount", sys_mount},
      {"umount", sys_umount},
      {"schedSetScheduler", sys_sched_setscheduler},
      {"schedGetScheduler", sys_sched_getscheduler},
      {"setPriority", sys_setpriority},
      {"mlock", sys_mlock},
      {"setRlimit", sys_setrlimit},
      {"prctl", sys_prctl},
      {"execve", sys_execve},
  };
  register_functions(env, exports, functions, sizeof functions / sizeof functions[0]);
}
