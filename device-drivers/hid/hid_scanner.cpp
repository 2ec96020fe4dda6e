#include "device-drivers/hid/hid_scanner.h"

#include <chrono>
#include <utility>

namespace cairn::devices::hid {
namespace {

/// The pieces of a code come one right after the other, over radio a little later.
constexpr Duration kPieceGap = std::chrono::milliseconds(500);

}  // namespace

HidScanner::HidScanner(HidLinkConfig config, ScannerSink& sink, const Clock& clock)
    : name_(config.name),
      sink_(sink),
      assembler_(kPieceGap),
      link_(
          std::move(config), *this,
          [this](StateChange change) { sink_.on_state(std::move(change)); }, clock) {}

Result<> HidScanner::opened(const ReportDescriptor& descriptor, const usb::Identity& device,
                            MonoTime) {
  assembler_.reset();
  quirk_ = find_scanner_quirk(device.vendor, device.product);
  if (quirk_ != nullptr && quirk_->layout) {
    layout_ = *quirk_->layout;
    return {};
  }
  auto layout = ScannerLayout::find(descriptor);
  if (!layout) return fail(layout.error());
  layout_ = *layout;
  return {};
}

void HidScanner::received(BytesView report, MonoTime now) {
  if (const auto fragment = layout_.decode(report)) take(*fragment, now);
}

void HidScanner::damaged(MonoTime now) {
  ScanFragment fragment;
  fragment.damaged = true;
  fragment.end_is_known = false;
  take(fragment, now);
}

void HidScanner::quiet(MonoTime now) { give_up(assembler_.quiet(now), now); }

void HidScanner::lost(MonoTime now) { give_up(assembler_.reset(), now); }

void HidScanner::take(const ScanFragment& fragment, MonoTime at) {
  const auto read = assembler_.feed(fragment, at);
  if (!read) return;
  if (*read) {
    sink_.on_scan({name_, (*read)->sent, at, (*read)->aim});
  } else {
    give_up(read->error(), at);
  }
}

void HidScanner::give_up(std::optional<FailedRead::Reason> reason, MonoTime at) {
  if (reason) sink_.on_failed_read({name_, *reason, at});
}

}  // namespace cairn::devices::hid
