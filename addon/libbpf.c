/*
 * The part of libbpf that reads an object file and speaks tc. libbpf.so.1 is opened when it is first
 * needed, so that neither its headers at compile time nor the library at start are a condition; its
 * prototypes are declared here by hand and are stable.
 */
#define _GNU_SOURCE
#include "args.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct bpf_object;
struct bpf_map;
struct bpf_program;

struct tc_hook {
  size_t size;
  int ifindex;
  int attach_point;
  uint32_t parent;
  size_t : 0;
};

struct tc_options {
  size_t size;
  int program_fd;
  uint32_t flags;
  uint32_t program_id;
  uint32_t handle;
  uint32_t priority;
  size_t : 0;
};

typedef int (*print_function)(int level, const char *format, va_list arguments);

static struct {
  void *library;
  print_function (*set_print)(print_function);
  struct bpf_object *(*open_mem)(const void *, size_t, const void *);
  int (*load)(struct bpf_object *);
  void (*close)(struct bpf_object *);
  struct bpf_map *(*next_map)(const struct bpf_object *, const struct bpf_map *);
  const char *(*map_name)(const struct bpf_map *);
  int (*map_fd)(const struct bpf_map *);
  int (*map_reuse)(struct bpf_map *, int);
  int (*map_max_entries)(struct bpf_map *, uint32_t);
  int (*map_initial)(struct bpf_map *, const void *, size_t);
  struct bpf_program *(*next_program)(const struct bpf_object *, struct bpf_program *);
  const char *(*program_name)(const struct bpf_program *);
  int (*program_fd)(const struct bpf_program *);
  int (*tc_create)(struct tc_hook *);
  int (*tc_attach)(const struct tc_hook *, struct tc_options *);
  int (*tc_detach)(const struct tc_hook *, const struct tc_options *);
  int (*tc_query)(const struct tc_hook *, struct tc_options *);
} libbpf;

/* What libbpf had to say during one call; its last lines are the ones that matter. */
static struct {
  char text[65536];
  size_t length;
} said;

static int remember_said(int level, const char *format, va_list arguments) {
  if (level > 1)
    return 0;
  if (said.length > sizeof said.text / 2) {
    size_t kept = sizeof said.text / 4;
    memmove(said.text, said.text + said.length - kept, kept);
    said.length = kept;
  }
  int added = vsnprintf(said.text + said.length, sizeof said.text - said.length, format, arguments);
  if (added > 0)
    said.length += (size_t)added < sizeof said.text - said.length ? (size_t)added
                                                                  : sizeof said.text - said.length - 1;
  return added;
}

static bool open_libbpf(void) {
  const struct {
    const char *name;
    void *function;
  } wanted[] = {
      {"libbpf_set_print", &libbpf.set_print},
      {"bpf_object__open_mem", &libbpf.open_mem},
      {"bpf_object__load", &libbpf.load},
      {"bpf_object__close", &libbpf.close},
      {"bpf_object__next_map", &libbpf.next_map},
      {"bpf_map__name", &libbpf.map_name},
      {"bpf_map__fd", &libbpf.map_fd},
      {"bpf_map__reuse_fd", &libbpf.map_reuse},
      {"bpf_map__set_max_entries", &libbpf.map_max_entries},
      {"bpf_map__set_initial_value", &libbpf.map_initial},
      {"bpf_object__next_program", &libbpf.next_program},
      {"bpf_program__name", &libbpf.program_name},
      {"bpf_program__fd", &libbpf.program_fd},
      {"bpf_tc_hook_create", &libbpf.tc_create},
      {"bpf_tc_attach", &libbpf.tc_attach},
      {"bpf_tc_detach", &libbpf.tc_detach},
      {"bpf_tc_query", &libbpf.tc_query},
  };
  said.length = 0;
  said.text[0] = 0;
  if (libbpf.library)
    return true;
  void *library = dlopen("libbpf.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(said.text, sizeof said.text, "%s", dlerror());
    return false;
  }
  for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
    void *function = dlsym(library, wanted[i].name);
    if (!function) {
      snprintf(said.text, sizeof said.text, "libbpf.so.1 has no %s", wanted[i].name);
      dlclose(library);
      return false;
    }
    memcpy(wanted[i].function, &function, sizeof function);
  }
  libbpf.library = library;
  libbpf.set_print(remember_said);
  return true;
}

static napi_value text_value(napi_env env, const char *text) {
  napi_value result;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result);
  return result;
}

/* bpfSaid(): what libbpf printed during the last call */
static napi_value bpf_said(napi_env env, napi_callback_info info) {
  (void)info;
  return text_value(env, said.text);
}

struct map_wish {
  char name[64];
  int reuse_fd;
  uint32_t max_entries;
  struct bytes initial;
};

static struct map_wish read_wish(napi_env env, napi_value list, uint32_t i) {
  struct map_wish wish = {.reuse_fd = -1};
  napi_value entry, field;
  int32_t fd = -1;
  napi_get_element(env, list, i, &entry);
  napi_get_named_property(env, entry, "name", &field);
  value_text(env, field, wish.name, sizeof wish.name);
  napi_get_named_property(env, entry, "reuseFd", &field);
  if (napi_get_value_int32(env, field, &fd) == napi_ok)
    wish.reuse_fd = fd;
  napi_get_named_property(env, entry, "maxEntries", &field);
  napi_get_value_uint32(env, field, &wish.max_entries);
  napi_get_named_property(env, entry, "initial", &field);
  wish.initial = value_bytes(env, field);
  return wish;
}

/* Applies what is wished for one map of the object. */
static int apply_wish(struct bpf_map *map, const struct map_wish *wish) {
  int error = 0;
  if (wish->reuse_fd >= 0)
    error = libbpf.map_reuse(map, wish->reuse_fd);
  if (!error && wish->reuse_fd < 0 && wish->max_entries > 0)
    error = libbpf.map_max_entries(map, wish->max_entries);
  if (!error && wish->initial.length > 0)
    error = libbpf.map_initial(map, wish->initial.data, wish->initial.length);
  return error;
}

static int apply_wishes(napi_env env, struct bpf_object *object, napi_value list) {
  uint32_t count = 0;
  napi_get_array_length(env, list, &count);
  for (uint32_t i = 0; i < count; i++) {
    struct map_wish wish = read_wish(env, list, i);
    struct bpf_map *map = NULL;
    while ((map = libbpf.next_map(object, map)) && strcmp(libbpf.map_name(map), wish.name) != 0)
      ;
    int error = map ? apply_wish(map, &wish) : -ENOENT;
    if (error)
      return error;
  }
  return 0;
}

static void set_fd(napi_env env, napi_value on, const char *name, int fd) {
  napi_set_named_property(env, on, name, number(env, fcntl(fd, F_DUPFD_CLOEXEC, 3)));
}

/* bpfLoad(object bytes, [{name, reuseFd, maxEntries, initial}]): {maps, programs} by name, each a
 * descriptor of the caller's; or a negative errno. */
static napi_value bpf_load(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes file = arg_bytes(&args, 0);
  if (!open_libbpf())
    return number(env, -ENOSYS);
  struct bpf_object *object = libbpf.open_mem(file.data, file.length, NULL);
  if (!object)
    return number(env, -errno);
  int error = apply_wishes(env, object, args.value[1]);
  if (!error)
    error = libbpf.load(object);
  if (error) {
    libbpf.close(object);
    return number(env, error);
  }
  napi_value result, maps, programs;
  napi_create_object(env, &result);
  napi_create_object(env, &maps);
  napi_create_object(env, &programs);
  for (struct bpf_map *map = NULL; (map = libbpf.next_map(object, map));)
    set_fd(env, maps, libbpf.map_name(map), libbpf.map_fd(map));
  for (struct bpf_program *program = NULL; (program = libbpf.next_program(object, program));)
    set_fd(env, programs, libbpf.program_name(program), libbpf.program_fd(program));
  napi_set_named_property(env, result, "maps", maps);
  napi_set_named_property(env, result, "programs", programs);
  libbpf.close(object);
  return result;
}

static struct tc_hook read_hook(const struct args *args) {
  return (struct tc_hook){.size = sizeof(struct tc_hook),
                          .ifindex = (int)arg_number(args, 0),
                          .attach_point = (int)arg_number(args, 1)};
}

static struct tc_options read_options(const struct args *args) {
  return (struct tc_options){.size = sizeof(struct tc_options),
                             .handle = (uint32_t)arg_number(args, 2),
                             .priority = (uint32_t)arg_number(args, 3)};
}

/* tcAttach(ifindex, 1 ingress | 2 egress, handle, priority, programFd): makes the clsact qdisc where
 * it is missing and puts the program in, in the place of one with the same handle and priority. */
static napi_value tc_attach(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  if (!open_libbpf())
    return number(env, -ENOSYS);
  struct tc_hook hook = read_hook(&args);
  int error = libbpf.tc_create(&hook);
  if (error && error != -EEXIST)
    return number(env, error);
  struct tc_options options = read_options(&args);
  options.flags = 1; /* BPF_TC_F_REPLACE */
  options.program_fd = (int)arg_number(&args, 4);
  return number(env, libbpf.tc_attach(&hook, &options));
}

/* tcQuery(ifindex, direction, handle, priority): the id of the program there, or a negative errno */
static napi_value tc_query(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  if (!open_libbpf())
    return number(env, -ENOSYS);
  struct tc_hook hook = read_hook(&args);
  struct tc_options options = read_options(&args);
  int error = libbpf.tc_query(&hook, &options);
  return number(env, error ? error : (double)options.program_id);
}

/* tcDetach(ifindex, direction, handle, priority) */
static napi_value tc_detach(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  if (!open_libbpf())
    return number(env, -ENOSYS);
  struct tc_hook hook = read_hook(&args);
  struct tc_options options = read_options(&args);
  return number(env, libbpf.tc_detach(&hook, &options));
}

static const struct function functions[] = {
    {"bpfSaid", bpf_said},       {"bpfLoad", bpf_load},   {"tcAttach", tc_attach},
    {"tcQuery", tc_query},       {"tcDetach", tc_detach},
};

void register_libbpf(napi_env env, napi_value exports) {
  register_functions(env, exports, functions, sizeof functions / sizeof functions[0]);
}
