/*
 * System calls that Node does not offer, on the stable Node-API. There is no logic here: a function
 * is one system call (or one loop over a batch), takes numbers and Uint8Arrays, and returns the
 * result of the call, or the negative errno. Nothing throws for an errno.
 *
 * libuv's header is not part of node-api-headers, so the few libuv functions that the node binary
 * exports are declared here by hand; a handle is as long as uv_handle_size says.
 */
#define _GNU_SOURCE
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* ---- arguments and results ------------------------------------------------------------------ */

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

static struct args get_args(napi_env env, napi_callback_info info) {
  struct args args = {.env = env, .count = ARGS_MAX};
  napi_get_cb_info(env, info, &args.count, args.value, NULL, NULL);
  return args;
}

static int64_t arg_number(const struct args *args, size_t i) {
  int64_t value = 0;
  napi_get_value_int64(args->env, args->value[i], &value);
  return value;
}

static double arg_double(const struct args *args, size_t i) {
  double value = 0;
  napi_get_value_double(args->env, args->value[i], &value);
  return value;
}

/* The memory behind a typed array; nothing for null. `length` is in elements. */
static struct bytes arg_bytes(const struct args *args, size_t i) {
  struct bytes bytes = {NULL, 0};
  void *data = NULL;
  if (napi_get_typedarray_info(args->env, args->value[i], NULL, &bytes.length, &data, NULL, NULL) != napi_ok)
    bytes.length = 0;
  bytes.data = data;
  return bytes;
}

/* A NUL-terminated copy of a string argument, cut at the end of `text`. */
static void arg_text(const struct args *args, size_t i, char *text, size_t size) {
  size_t length = 0;
  text[0] = 0;
  napi_get_value_string_utf8(args->env, args->value[i], text, size, &length);
}

static napi_value number(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

/* What a system call returned; -1 becomes the negative errno. */
static napi_value outcome(napi_env env, int64_t returned) {
  return number(env, returned < 0 ? -errno : (double)returned);
}

/* ---- clocks ---------------------------------------------------------------------------------- */

static double clock_ms(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static napi_value sys_monotonic_ms(napi_env env, napi_callback_info info) {
  (void)info;
  return number(env, clock_ms(CLOCK_MONOTONIC));
}

static napi_value sys_realtime_ms(napi_env env, napi_callback_info info) {
  (void)info;
  return number(env, clock_ms(CLOCK_REALTIME));
}

static napi_value sys_timerfd_create(napi_env env, napi_callback_info info) {
  (void)info;
  return outcome(env, timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
}

/* timerfdSet(fd, atMs): absolute, rounded up so that it never fires early; below 0 disarms. */
static napi_value sys_timerfd_set(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  double at_ms = arg_double(&args, 1);
  struct itimerspec spec = {0};
  if (at_ms >= 0) {
    int64_t seconds = (int64_t)(at_ms / 1e3);
    int64_t nanoseconds = (int64_t)((at_ms - (double)seconds * 1e3) * 1e6) + 1;
    spec.it_value.tv_sec = seconds + nanoseconds / 1000000000;
    spec.it_value.tv_nsec = nanoseconds % 1000000000;
  }
  return outcome(env, timerfd_settime((int)arg_number(&args, 0), TFD_TIMER_ABSTIME, &spec, NULL));
}

/* ---- descriptors ----------------------------------------------------------------------------- */

static napi_value sys_close(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  return outcome(env, close((int)arg_number(&args, 0)));
}

static napi_value sys_read(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes into = arg_bytes(&args, 1);
  return outcome(env, read((int)arg_number(&args, 0), into.data, into.length));
}

static napi_value sys_write(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes from = arg_bytes(&args, 1);
  return outcome(env, write((int)arg_number(&args, 0), from.data, from.length));
}

/* ioctl(fd, request, bytes in and out | null, number when null) */
static napi_value sys_ioctl(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes data = arg_bytes(&args, 2);
  int fd = (int)arg_number(&args, 0);
  unsigned long request = (unsigned long)arg_number(&args, 1);
  if (data.data) return outcome(env, ioctl(fd, request, data.data));
  return outcome(env, ioctl(fd, request, arg_number(&args, 3)));
}

static napi_value sys_fcntl(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  return outcome(env, fcntl((int)arg_number(&args, 0), (int)arg_number(&args, 1), arg_number(&args, 2)));
}

struct mapping {
  void *address;
  size_t length;
};

static void unmap(napi_env env, void *data, void *hint) {
  (void)env;
  (void)data;
  struct mapping *mapping = hint;
  munmap(mapping->address, mapping->length);
  free(mapping);
}

/* mmap(fd, length, writable): an ArrayBuffer that is unmapped when collected. */
static napi_value sys_mmap(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  size_t length = (size_t)arg_number(&args, 1);
  int protection = arg_number(&args, 2) ? PROT_READ | PROT_WRITE : PROT_READ;
  void *address = mmap(NULL, length, protection, MAP_SHARED, (int)arg_number(&args, 0), 0);
  if (address == MAP_FAILED) return outcome(env, -1);
  struct mapping *mapping = malloc(sizeof *mapping);
  napi_value buffer;
  if (mapping) *mapping = (struct mapping){address, length};
  if (mapping && napi_create_external_arraybuffer(env, address, length, unmap, mapping, &buffer) == napi_ok)
    return buffer;
  munmap(address, length);
  free(mapping);
  return number(env, -ENOMEM);
}

/* ---- sockets --------------------------------------------------------------------------------- */

static napi_value sys_socket(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  int type = (int)arg_number(&args, 1) | SOCK_CLOEXEC;
  return outcome(env, socket((int)arg_number(&args, 0), type, (int)arg_number(&args, 2)));
}

static napi_value sys_bind(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes address = arg_bytes(&args, 1);
  return outcome(env, bind((int)arg_number(&args, 0), (void *)address.data, (socklen_t)address.length));
}

static napi_value sys_connect(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes address = arg_bytes(&args, 1);
  return outcome(env, connect((int)arg_number(&args, 0), (void *)address.data, (socklen_t)address.length));
}

static napi_value sys_getsockname(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes into = arg_bytes(&args, 1);
  socklen_t length = (socklen_t)into.length;
  int returned = getsockname((int)arg_number(&args, 0), (void *)into.data, &length);
  return outcome(env, returned < 0 ? -1 : (int64_t)length);
}

static napi_value sys_setsockopt(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes value = arg_bytes(&args, 3);
  return outcome(env, setsockopt((int)arg_number(&args, 0), (int)arg_number(&args, 1),
                                 (int)arg_number(&args, 2), value.data, (socklen_t)value.length));
}

/* getsockopt(fd, level, option, into): the length of the value. */
static napi_value sys_getsockopt(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes into = arg_bytes(&args, 3);
  socklen_t length = (socklen_t)into.length;
  int returned = getsockopt((int)arg_number(&args, 0), (int)arg_number(&args, 1),
                            (int)arg_number(&args, 2), into.data, &length);
  return outcome(env, returned < 0 ? -1 : (int64_t)length);
}

/* attachFilter(fd, instructions): classic BPF, 8 bytes an instruction. */
static napi_value sys_attach_filter(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes code = arg_bytes(&args, 1);
  struct sock_fprog program = {(unsigned short)(code.length / sizeof(struct sock_filter)), (void *)code.data};
  return outcome(env, setsockopt((int)arg_number(&args, 0), SOL_SOCKET, SO_ATTACH_FILTER, &program,
                                 sizeof program));
}

/* sendto(fd, message, address | null, flags) */
static napi_value sys_sendto(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes message = arg_bytes(&args, 1);
  struct bytes address = arg_bytes(&args, 2);
  return outcome(env, sendto((int)arg_number(&args, 0), message.data, message.length,
                             (int)arg_number(&args, 3), (void *)address.data, (socklen_t)address.length));
}

/* recvfrom(fd, into, flags, source | null): the length of the message. */
static napi_value sys_recvfrom(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes into = arg_bytes(&args, 1);
  struct bytes source = arg_bytes(&args, 3);
  socklen_t length = (socklen_t)source.length;
  return outcome(env, recvfrom((int)arg_number(&args, 0), into.data, into.length, (int)arg_number(&args, 2),
                               (void *)source.data, source.data ? &length : NULL));
}

#define BATCH_MAX 64
#define SOURCE_LENGTH 32
#define INFO_FIELDS 4

/* Milliseconds to subtract from CLOCK_REALTIME to have CLOCK_MONOTONIC. */
static double realtime_offset_ms(void) {
  double before = clock_ms(CLOCK_MONOTONIC);
  double realtime = clock_ms(CLOCK_REALTIME);
  double after = clock_ms(CLOCK_MONOTONIC);
  return realtime - (before + after) / 2;
}

/* Fields of one received message: length, flags, monotonic milliseconds or NaN, interface index. */
static void fill_info(double *fields, struct mmsghdr *message, double offset_ms) {
  fields[0] = message->msg_len;
  fields[1] = message->msg_hdr.msg_flags;
  fields[2] = __builtin_nan("");
  fields[3] = 0;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&message->msg_hdr); c; c = CMSG_NXTHDR(&message->msg_hdr, c)) {
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec at;
      memcpy(&at, CMSG_DATA(c), sizeof at);
      fields[2] = (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6 - offset_ms;
    }
    /* ipi_ifindex is the first field of in_pktinfo; ipi6_ifindex follows the 16 bytes of address. */
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
      int32_t index;
      memcpy(&index, CMSG_DATA(c), sizeof index);
      fields[3] = index;
    }
    if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
      uint32_t index;
      memcpy(&index, CMSG_DATA(c) + 16, sizeof index);
      fields[3] = index;
    }
  }
}

/*
 * recvMany(fd, ring, slotLength, info, sources | null): fills slots of `ring` from its start, for
 * each INFO_FIELDS doubles in the Float64Array `info` and SOURCE_LENGTH bytes in `sources`. Never
 * waits. Returns the count.
 */
static napi_value sys_recv_many(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes ring = arg_bytes(&args, 1);
  size_t slot_length = (size_t)arg_number(&args, 2);
  struct bytes fields = arg_bytes(&args, 3);
  struct bytes sources = arg_bytes(&args, 4);
  if (slot_length == 0) return number(env, -EINVAL);
  size_t count = ring.length / slot_length;
  if (count > fields.length / INFO_FIELDS) count = fields.length / INFO_FIELDS;
  if (sources.data && count > sources.length / SOURCE_LENGTH) count = sources.length / SOURCE_LENGTH;
  if (count > BATCH_MAX) count = BATCH_MAX;

  struct mmsghdr messages[BATCH_MAX];
  struct iovec parts[BATCH_MAX];
  _Alignas(struct cmsghdr) char control[BATCH_MAX][128];
  for (size_t i = 0; i < count; i++) {
    parts[i] = (struct iovec){ring.data + i * slot_length, slot_length};
    messages[i].msg_hdr = (struct msghdr){
        .msg_name = sources.data ? sources.data + i * SOURCE_LENGTH : NULL,
        .msg_namelen = sources.data ? SOURCE_LENGTH : 0,
        .msg_iov = &parts[i],
        .msg_iovlen = 1,
        .msg_control = control[i],
        .msg_controllen = sizeof control[i],
    };
  }
  int received = recvmmsg((int)arg_number(&args, 0), messages, (unsigned)count, MSG_DONTWAIT, NULL);
  if (received < 0) return outcome(env, -1);
  double offset_ms = realtime_offset_ms();
  for (int i = 0; i < received; i++)
    fill_info((double *)fields.data + i * INFO_FIELDS, &messages[i], offset_ms);
  return number(env, received);
}

static napi_value sys_if_nametoindex(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  char name[64];
  arg_text(&args, 0, name, sizeof name);
  unsigned index = if_nametoindex(name);
  return outcome(env, index == 0 ? -1 : (int64_t)index);
}

/* ---- readiness of foreign descriptors -------------------------------------------------------- */

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

/* ---- signals by number ----------------------------------------------------------------------- */

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

/* ---- the process ----------------------------------------------------------------------------- */

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

/* ---- the module ------------------------------------------------------------------------------ */

static const struct {
  const char *name;
  napi_callback call;
} functions[] = {
    {"monotonicMs", sys_monotonic_ms},
    {"realtimeMs", sys_realtime_ms},
    {"timerfdCreate", sys_timerfd_create},
    {"timerfdSet", sys_timerfd_set},
    {"close", sys_close},
    {"read", sys_read},
    {"write", sys_write},
    {"ioctl", sys_ioctl},
    {"fcntl", sys_fcntl},
    {"mmap", sys_mmap},
    {"socket", sys_socket},
    {"bind", sys_bind},
    {"connect", sys_connect},
    {"getsockname", sys_getsockname},
    {"setsockopt", sys_setsockopt},
    {"getsockopt", sys_getsockopt},
    {"attachFilter", sys_attach_filter},
    {"sendto", sys_sendto},
    {"recvfrom", sys_recvfrom},
    {"recvMany", sys_recv_many},
    {"ifNameToIndex", sys_if_nametoindex},
    {"pollOpen", sys_poll_open},
    {"pollStart", sys_poll_start},
    {"pollStop", sys_poll_stop},
    {"pollKeepAlive", sys_poll_keep_alive},
    {"pollClose", sys_poll_close},
    {"signalPipe", sys_signal_pipe},
    {"signalAction", sys_signal_action},
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
};

static napi_value init(napi_env env, napi_value exports) {
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    napi_value function;
    napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, NULL, &function);
    napi_set_named_property(env, exports, functions[i].name, function);
  }
  return register_bpf(env, exports);
}

NAPI_MODULE(syscalls, init)
