#include "device-drivers/hid/scan_assembler.h"

#include "core/base/barcode.h"

#include <algorithm>
#include <utility>

namespace cairn::devices::hid {

std::optional<ScanAssembler::Read> ScanAssembler::feed(const ScanFragment& fragment, MonoTime now) {
  // Nobody looked in between, but the silence was there.
  if (refused_ && until_silence_ && now - last_ >= gap_) reset();
  last_ = now;
  if (refused_) {
    if (!until_silence_ && !fragment.continued) refused_ = false;
    return std::nullopt;
  }
  if (fragment.damaged) {
    until_silence_ = !fragment.end_is_known;
    return refuse(FailedRead::Reason::kIncomplete, until_silence_ || fragment.continued);
  }
  if (!std::exchange(begun_, true) && !fragment.aim.empty()) partial_ = {fragment.aim, true};
  partial_.sent += fragment.data;
  const std::size_t head = partial_.aim ? 3 : 0;
  if (!fragment.continued) {
    const std::size_t end = partial_.sent.find_last_not_of("\r\n");
    partial_.sent.resize(std::max(head, end == std::string::npos ? 0 : end + 1));
  }
  if (partial_.sent.size() > Barcode::kMaxSize) {
    return refuse(FailedRead::Reason::kTooLong, fragment.continued);
  }
  if (partial_.sent.find('\0', head) != std::string::npos) {
    return refuse(FailedRead::Reason::kIncomplete, fragment.continued);
  }
  if (fragment.continued) return std::nullopt;
  begun_ = false;
  AssembledScan whole = std::exchange(partial_, {});
  if (whole.sent.size() == head) return std::nullopt;
  return whole;
}

std::optional<FailedRead::Reason> ScanAssembler::quiet(MonoTime now) {
  const auto due = deadline();
  if (!due || now < *due) return std::nullopt;
  return reset();
}

std::optional<FailedRead::Reason> ScanAssembler::reset() {
  refused_ = false;
  until_silence_ = false;
  partial_ = {};
  if (!std::exchange(begun_, false)) return std::nullopt;
  return FailedRead::Reason::kIncomplete;
}

std::optional<MonoTime> ScanAssembler::deadline() const {
  if (!begun_ && !refused_) return std::nullopt;
  return last_ + gap_;
}

std::optional<ScanAssembler::Read> ScanAssembler::refuse(FailedRead::Reason reason,
                                                         bool more_follows) {
  begun_ = false;
  partial_ = {};
  refused_ = more_follows;
  return tl::unexpected(reason);
}

}  // namespace cairn::devices::hid
