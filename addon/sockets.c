/*
 * Sockets, and datagrams in batches with their time of arrival.
 */
#define _GNU_SOURCE
#include "args.h"

#include <linux/filter.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

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
#define INFO_FIELDS 9

/* Milliseconds to subtract from CLOCK_REALTIME to have CLOCK_MONOTONIC. */
static double realtime_offset_ms(void) {
  double before = clock_ms(CLOCK_MONOTONIC);
  double realtime = clock_ms(CLOCK_REALTIME);
  double after = clock_ms(CLOCK_MONOTONIC);
  return realtime - (before + after) / 2;
}

/*
 * Fields of one received message: length, flags, monotonic milliseconds or NaN, interface index,
 * TTL or hop limit or NaN, and the destination of IPv6 as four numbers in network order, or zeros.
 */
static void fill_info(double *fields, struct mmsghdr *message, double offset_ms) {
  fields[0] = message->msg_len;
  fields[1] = message->msg_hdr.msg_flags;
  fields[2] = __builtin_nan("");
  fields[3] = 0;
  fields[4] = __builtin_nan("");
  memset(fields + 5, 0, 4 * sizeof *fields);
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
      for (int word = 0; word < 4; word++) {
        uint32_t part;
        memcpy(&part, CMSG_DATA(c) + 4 * word, sizeof part);
        fields[5 + word] = ntohl(part);
      }
    }
    if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL) ||
        (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT)) {
      int32_t limit;
      memcpy(&limit, CMSG_DATA(c), sizeof limit);
      fields[4] = limit;
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

void register_sockets(napi_env env, napi_value exports) {
  static const struct function functions[] = {
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
  };
  register_functions(env, exports, functions, sizeof functions / sizeof functions[0]);
}
