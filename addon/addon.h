/* Shared by the C files of the addon: reading arguments and making results. No logic lives here. */
#ifndef KEELSON_ADDON_H
#define KEELSON_ADDON_H

#define NAPI_VERSION 8
#include <node_api.h>
#include <stddef.h>
#include <stdint.h>

/* Adds the bpf(2) functions to `exports`; defined in bpf.c. */
napi_value register_bpf(napi_env env, napi_value exports);

#endif
