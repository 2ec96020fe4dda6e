#pragma once
// Which content codings a client takes (RFC 9110 §12.5.3). Pure.

#include "core/runtime/http_message.h"

namespace cairn::runtime {

/// How much each is wanted, in thousandths; 0: not at all.
struct AcceptedEncodings {
  int brotli = 0;
  int gzip = 0;
  int identity = 1;
};

/// From all Accept-Encoding fields. What cannot be read counts as not wanted.
AcceptedEncodings accepted_encodings(const HeaderFields& headers);

}  // namespace cairn::runtime
