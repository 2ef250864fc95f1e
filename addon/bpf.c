/*
 * bpf(2), one function a command. As in syscalls.c there is no logic, and a function returns what the
 * call returned or the negative errno.
 */
#define _GNU_SOURCE
#include "args.h"

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static uint64_t pointer(const void *memory) {
  return (uint64_t)(uintptr_t)memory;
}

static long bpf(int command, union bpf_attr *attr) {
  return syscall(SYS_bpf, command, attr, sizeof *attr);
}

/* ---- maps ------------------------------------------------------------------------------------ */

/* bpfMapCreate(type, keySize, valueSize, maxEntries, flags) */
static napi_value map_create(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  union bpf_attr attr = {.map_type = (uint32_t)arg_number(&args, 0),
                         .key_size = (uint32_t)arg_number(&args, 1),
                         .value_size = (uint32_t)arg_number(&args, 2),
                         .max_entries = (uint32_t)arg_number(&args, 3),
                         .map_flags = (uint32_t)arg_number(&args, 4)};
  return outcome(env, bpf(BPF_MAP_CREATE, &attr));
}

/* bpfMapLookup(fd, key, into) */
static napi_value map_lookup(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  union bpf_attr attr = {.map_fd = (uint32_t)arg_number(&args, 0)};
  attr.key = pointer(arg_bytes(&args, 1).data);
  attr.value = pointer(arg_bytes(&args, 2).data);
  return outcome(env, bpf(BPF_MAP_LOOKUP_ELEM, &attr));
}

/* bpfMapUpdate(fd, key, value, flags) */
static napi_value map_update(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  union bpf_attr attr = {.map_fd = (uint32_t)arg_number(&args, 0)};
  attr.key = pointer(arg_bytes(&args, 1).data);
  attr.value = pointer(arg_bytes(&args, 2).data);
  attr.flags = (uint64_t)arg_number(&args, 3);
  return outcome(env, bpf(BPF_MAP_UPDATE_ELEM, &attr));
}

/* bpfMapDelete(fd, key) */
static napi_value map_delete(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  union bpf_attr attr = {.map_fd = (uint32_t)arg_number(&args, 0)};
  attr.key = pointer(arg_bytes(&args, 1).data);
  return outcome(env, bpf(BPF_MAP_DELETE_ELEM, &attr));
}

/* bpfMapNextKey(fd, key | null, into) */
static napi_value map_next_key(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  union bpf_attr attr = {.map_fd = (uint32_t)arg_number(&args, 0)};
  attr.key = pointer(arg_bytes(&args, 1).data);
  attr.next_key = pointer(arg_bytes(&args, 2).data);
  return outcome(env, bpf(BPF_MAP_GET_NEXT_KEY, &attr));
}

/* bpfMapLookupBatch(fd, from | null, cursor, keys, values, count): entries read; the negative of
 * (entries + 1) when these were the last; below -1e6 a negative errno less 1e6. */
static napi_value map_lookup_batch(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  union bpf_attr attr = {0};
  attr.batch.map_fd = (uint32_t)arg_number(&args, 0);
  attr.batch.in_batch = pointer(arg_bytes(&args, 1).data);
  attr.batch.out_batch = pointer(arg_bytes(&args, 2).data);
  attr.batch.keys = pointer(arg_bytes(&args, 3).data);
  attr.batch.values = pointer(arg_bytes(&args, 4).data);
  attr.batch.count = (uint32_t)arg_number(&args, 5);
  if (bpf(BPF_MAP_LOOKUP_BATCH, &attr) == 0)
    return number(env, attr.batch.count);
  if (errno == ENOENT)
    return number(env, -(double)attr.batch.count - 1);
  return number(env, -1e6 - errno);
}

/* bpfMapPop(fd, into, valueLength): how many values of a queue were taken into the buffer */
static napi_value map_pop(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes into = arg_bytes(&args, 1);
  size_t length = (size_t)arg_number(&args, 2), taken = 0;
  union bpf_attr attr = {.map_fd = (uint32_t)arg_number(&args, 0)};
  if (length == 0)
    return number(env, -EINVAL);
  for (; (taken + 1) * length <= into.length; taken++) {
    attr.value = pointer(into.data + taken * length);
    if (bpf(BPF_MAP_LOOKUP_AND_DELETE_ELEM, &attr) < 0)
      return errno == ENOENT ? number(env, (double)taken) : outcome(env, taken > 0 ? (int64_t)taken : -1);
  }
  return number(env, (double)taken);
}

/* ---- objects: pins, information, links --------------------------------------------------------- */

#define PATH_SIZE 512

/* bpfPin(fd, path) */
static napi_value obj_pin(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  char path[PATH_SIZE];
  union bpf_attr attr = {0};
  value_text(env, args.value[1], path, sizeof path);
  attr.bpf_fd = (uint32_t)arg_number(&args, 0);
  attr.pathname = pointer(path);
  return outcome(env, bpf(BPF_OBJ_PIN, &attr));
}

/* bpfGet(path): a descriptor of what is pinned there */
static napi_value obj_get(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  char path[PATH_SIZE];
  union bpf_attr attr = {0};
  value_text(env, args.value[0], path, sizeof path);
  attr.pathname = pointer(path);
  return outcome(env, bpf(BPF_OBJ_GET, &attr));
}

/* bpfInfo(fd, into): bytes of the bpf_map_info, bpf_prog_info or bpf_link_info */
static napi_value obj_info(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes into = arg_bytes(&args, 1);
  union bpf_attr attr = {0};
  attr.info.bpf_fd = (uint32_t)arg_number(&args, 0);
  attr.info.info = pointer(into.data);
  attr.info.info_len = (uint32_t)into.length;
  long returned = bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
  return outcome(env, returned < 0 ? returned : (long)attr.info.info_len);
}

/* bpfLinkCreate(programFd, ifindex, attachType, flags) */
static napi_value link_create(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  union bpf_attr attr = {0};
  attr.link_create.prog_fd = (uint32_t)arg_number(&args, 0);
  attr.link_create.target_ifindex = (uint32_t)arg_number(&args, 1);
  attr.link_create.attach_type = (uint32_t)arg_number(&args, 2);
  attr.link_create.flags = (uint32_t)arg_number(&args, 3);
  return outcome(env, bpf(BPF_LINK_CREATE, &attr));
}

/* bpfLinkUpdate(linkFd, programFd) */
static napi_value link_update(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  union bpf_attr attr = {0};
  attr.link_update.link_fd = (uint32_t)arg_number(&args, 0);
  attr.link_update.new_prog_fd = (uint32_t)arg_number(&args, 1);
  return outcome(env, bpf(BPF_LINK_UPDATE, &attr));
}

/* statfsType(path): the magic number of the file system there */
static napi_value statfs_type(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  char path[PATH_SIZE];
  struct statfs found = {0};
  value_text(env, args.value[0], path, sizeof path);
  if (statfs(path, &found) < 0)
    return number(env, -errno);
  return number(env, (double)(uint32_t)found.f_type);
}

/* ---- running programs --------------------------------------------------------------------------- */

/* bpfProgramLoad(type, instructions, 8 bytes each): for programs of a few instructions */
static napi_value prog_load(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes instructions = arg_bytes(&args, 1);
  union bpf_attr attr = {.prog_type = (uint32_t)arg_number(&args, 0)};
  attr.insn_cnt = (uint32_t)(instructions.length / 8);
  attr.insns = pointer(instructions.data);
  attr.license = pointer("Apache-2.0");
  return outcome(env, bpf(BPF_PROG_LOAD, &attr));
}

/* bpfRun(fd, dataIn | null, dataOut | null, contextIn | null, contextOut | null, Float64Array
 * [repeat, flags, batchSize]) writes [returned value, ns a run, bytes out, context bytes out] over
 * the first four numbers of the last argument. */
static napi_value prog_run(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes in = arg_bytes(&args, 1), out = arg_bytes(&args, 2);
  struct bytes context_in = arg_bytes(&args, 3), context_out = arg_bytes(&args, 4);
  double *numbers = (double *)(void *)arg_bytes(&args, 5).data;
  union bpf_attr attr = {0};
  attr.test.prog_fd = (uint32_t)arg_number(&args, 0);
  attr.test.data_in = pointer(in.data);
  attr.test.data_size_in = (uint32_t)in.length;
  attr.test.data_out = pointer(out.data);
  attr.test.data_size_out = (uint32_t)out.length;
  attr.test.ctx_in = pointer(context_in.data);
  attr.test.ctx_size_in = (uint32_t)context_in.length;
  attr.test.ctx_out = pointer(context_out.data);
  attr.test.ctx_size_out = (uint32_t)context_out.length;
  attr.test.repeat = (uint32_t)numbers[0];
  attr.test.flags = (uint32_t)numbers[1];
  attr.test.batch_size = (uint32_t)numbers[2];
  long returned = bpf(BPF_PROG_TEST_RUN, &attr);
  numbers[0] = attr.test.retval;
  numbers[1] = attr.test.duration;
  numbers[2] = attr.test.data_size_out;
  numbers[3] = attr.test.ctx_size_out;
  return outcome(env, returned);
}

static const struct function functions[] = {
    {"bpfMapCreate", map_create},
    {"bpfMapLookup", map_lookup},
    {"bpfMapUpdate", map_update},
    {"bpfMapDelete", map_delete},
    {"bpfMapNextKey", map_next_key},
    {"bpfMapLookupBatch", map_lookup_batch},
    {"bpfMapPop", map_pop},
    {"bpfPin", obj_pin},
    {"bpfGet", obj_get},
    {"bpfInfo", obj_info},
    {"bpfLinkCreate", link_create},
    {"bpfLinkUpdate", link_update},
    {"statfsType", statfs_type},
    {"bpfProgramLoad", prog_load},
    {"bpfRun", prog_run},
};

napi_value register_bpf(napi_env env, napi_value exports) {
  register_functions(env, exports, functions, sizeof functions / sizeof functions[0]);
  register_libbpf(env, exports);
  return exports;
}
