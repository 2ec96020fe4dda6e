#pragma once
// The loop of cairn-decode: a request on one descriptor, answers on another, until the requests
// end. Everything that may go wrong with a picture goes wrong here; see decoder_process.h for the
// other end. One thread, the process's only one.

#include "core/base/time.h"

namespace cairn::devices {

/// Takes from the process what it has no use for: memory beyond 1 GiB, core files, and processor
/// time beyond `seconds` for each picture.
void limit_decoder_resources();

/// The exit status: 0 at the end of requests, 1 after a request that is none.
int serve_decoding(int requests, int answers, const Clock& clock);

}  // namespace cairn::devices
