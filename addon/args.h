/* Reading arguments and making results. */
#ifndef KEELSON_ARGS_H
#define KEELSON_ARGS_H

#include "addon.h"

#include <errno.h>

#define ARGS_MAX 8

struct args {
  napi_env env;
  size_t count;
  napi_value value[ARGS_MAX];
};

struct bytes {
  uint8_t *data;
  size_t length;
};

static inline struct args get_args(napi_env env, napi_callback_info info) {
  struct args args = {.env = env, .count = ARGS_MAX};
  napi_get_cb_info(env, info, &args.count, args.value, NULL, NULL);
  return args;
}

static inline int64_t arg_number(const struct args *args, size_t i) {
  int64_t value = 0;
  napi_get_value_int64(args->env, args->value[i], &value);
  return value;
}

static inline double arg_double(const struct args *args, size_t i) {
  double value = 0;
  napi_get_value_double(args->env, args->value[i], &value);
  return value;
}

/* The memory behind a typed array; nothing for null. `length` is in elements. */
static inline struct bytes value_bytes(napi_env env, napi_value value) {
  struct bytes bytes = {NULL, 0};
  void *data = NULL;
  if (napi_get_typedarray_info(env, value, NULL, &bytes.length, &data, NULL, NULL) != napi_ok)
    bytes.length = 0;
  bytes.data = data;
  return bytes;
}

static inline struct bytes arg_bytes(const struct args *args, size_t i) {
  return value_bytes(args->env, args->value[i]);
}

/* A NUL-terminated copy of a string, cut at the end of `text`. */
static inline void value_text(napi_env env, napi_value value, char *text, size_t size) {
  size_t length = 0;
  text[0] = 0;
  napi_get_value_string_utf8(env, value, text, size, &length);
}

static inline void arg_text(const struct args *args, size_t i, char *text, size_t size) {
  value_text(args->env, args->value[i], text, size);
}

static inline napi_value number(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

/* What a system call returned; -1 becomes the negative errno. */
static inline napi_value outcome(napi_env env, int64_t returned) {
  return number(env, returned < 0 ? -errno : (double)returned);
}

/* Adds what needs libbpf.so.1; defined in libbpf.c. */
void register_libbpf(napi_env env, napi_value exports);

#endif
