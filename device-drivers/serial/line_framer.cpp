#include "device-drivers/serial/line_framer.h"

#include "core/base/barcode.h"

#include <utility>

namespace cairn::devices {

std::vector<LineFramer::Read> LineFramer::feed(std::string_view octets, MonoTime now) {
  std::vector<Read> reads;
  for (const char octet : octets) {
    if (auto read = take(octet)) reads.push_back(*std::move(read));
  }
  if (!octets.empty()) last_octet_ = now;
  return reads;
}

std::optional<FailedRead::Reason> LineFramer::spoil(MonoTime now) {
  last_octet_ = now;
  if (refused_) return std::nullopt;
  return refuse(FailedRead::Reason::kIncomplete).error();
}

std::optional<FailedRead::Reason> LineFramer::quiet(MonoTime now) {
  const auto due = deadline();
  if (!due || now < *due) return std::nullopt;
  return reset();
}

std::optional<FailedRead::Reason> LineFramer::reset() {
  refused_ = false;
  if (std::exchange(partial_, {}).empty()) return std::nullopt;
  return FailedRead::Reason::kIncomplete;
}

std::optional<MonoTime> LineFramer::deadline() const {
  if (partial_.empty() && !refused_) return std::nullopt;
  return last_octet_ + gap_;
}

std::optional<LineFramer::Read> LineFramer::take(char octet) {
  if (octet == '\r' || octet == '\n') {
    refused_ = false;
    if (partial_.empty()) return std::nullopt;
    return std::exchange(partial_, {});
  }
  if (refused_) return std::nullopt;
  if (octet == '\0') {
    if (partial_.empty()) return std::nullopt;
    return refuse(FailedRead::Reason::kIncomplete);
  }
  if (partial_.size() == Barcode::kMaxSize) return refuse(FailedRead::Reason::kTooLong);
  partial_.push_back(octet);
  return std::nullopt;
}

LineFramer::Read LineFramer::refuse(FailedRead::Reason reason) {
  partial_.clear();
  refused_ = true;
  return tl::unexpected(reason);
}

}  // namespace cairn::devices
