#ifndef X
#define X
static __always_inline int fullnat_request(void *ctx, enum front front, const struct destination *destination, const struct next_hop *hop, struct connection *connection) { return drop(front); }
#endif
