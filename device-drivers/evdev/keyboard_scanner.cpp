#include "device-drivers/evdev/keyboard_scanner.h"

#include <chrono>
#include <utility>

namespace cairn::devices::evdev {
namespace {

/// No scanner pauses that long within a code, not even over radio.
constexpr Duration kGap = std::chrono::seconds(1);
/// What is typed that soon after it was taken is the rest of a code that began before. Scanners
/// leave at most 60 ms between two keys.
constexpr Duration kSettle = std::chrono::milliseconds(100);

constexpr const char* kKeyHeld =
    "a key of it is held down: let go of it, or unplug it and plug it in again";

}  // namespace

KeyboardScanner::KeyboardScanner(KeyboardScannerConfig config, KeyDecoder decoder,
                                 ScannerSink& sink, const Clock& clock)
    : config_(std::move(config)),
      sink_(sink),
      clock_(clock),
      reader_(std::move(decoder), kGap),
      news_(config_.name) {
  thread_ = std::thread([this] { run(); });
}

KeyboardScanner::~KeyboardScanner() {
  stopping_ = true;
  waker_.wake();
  thread_.join();
}

void KeyboardScanner::run() {
  const InputNodes nodes;
  while (!stopping_) {
    nodes.clear();  // first: what changes from here on is seen again
    std::optional<Error> lost;
    {
      auto opened = open(nodes);
      lost = opened ? serve(*opened) : std::optional(opened.error());
    }
    if (!lost || stopping_) return;
    report(DeviceState::kOffline, lost->message);
    wait_on(nodes.fd(), Await::kReadable, waker_, back_off_.pause());
  }
}

Result<InputDevice> KeyboardScanner::open(const InputNodes& nodes) {
  Error why{ErrorCode::kUnavailable, "no_device",
            "no such device: is it plugged in? (" + config_.address.text() + ")"};
  for (const std::string& path : nodes.find(config_.address)) {
    auto device = InputDevice::open(path);
    auto taken = device ? take(*device) : Result<>(fail(device.error()));
    if (taken) return device;
    why = taken.error();
  }
  return fail(std::move(why));
}

Result<> KeyboardScanner::take(InputDevice& device) {
  reader_.reset();
  settling_ = true;
  if (auto before = read(device); !before) return before;
  // Who heard a key go down has to hear it go up, or it is stuck there.
  if (device.any_key_down()) {
    return fail(ErrorCode::kConflict, "key_held", kKeyHeld);
  }
  if (auto grabbed = device.grab(); !grabbed) return grabbed;
  return settle(device);
}

Result<> KeyboardScanner::settle(InputDevice& device) {
  const MonoTime end = clock_.mono_now() + kSettle;
  for (MonoTime now = clock_.mono_now(); !stopping_ && now < end; now = clock_.mono_now()) {
    const Woken woken = wait_on(device.fd(), Await::kReadable, waker_, end - now);
    if (auto more = read(device); !more) return more;
    if (woken.hung_up) return fail(input_gone_error());
  }
  settling_ = false;
  return {};
}

std::optional<Error> KeyboardScanner::serve(InputDevice& device) {
  if (stopping_) return std::nullopt;
  report(DeviceState::kOnline, {});
  fail_read(reader_.begin(clock_.mono_now()), clock_.mono_now());
  while (true) {
    const auto due = reader_.deadline();
    const Woken woken = wait_on(device.fd(), Await::kReadable, waker_,
                                due ? std::optional(*due - clock_.mono_now()) : std::nullopt);
    if (stopping_) return std::nullopt;
    if (woken.by_waker) waker_.clear();
    // Read before anything is concluded: what arrived before the device went away still counts, and
    // only a read that finds nothing proves silence.
    auto more = read(device);
    if (more && woken.hung_up) more = fail(input_gone_error());
    const MonoTime now = clock_.mono_now();
    if (!more) {
      fail_read(reader_.reset(), now);
      return more.error();
    }
    fail_read(reader_.quiet(now), now);
    if (reader_.is_stuck()) {
      report(DeviceState::kOffline, kKeyHeld);
    } else {
      report(DeviceState::kOnline, {});
    }
  }
}

Result<> KeyboardScanner::read(InputDevice& device) {
  while (!stopping_) {
    const auto arrival = device.next();
    if (!arrival) return fail(arrival.error());
    if (!*arrival) return {};
    handle(**arrival, clock_.mono_now());
  }
  return {};
}

void KeyboardScanner::handle(const InputDevice::Arrival& arrival, MonoTime now) {
  using Kind = InputDevice::Arrival::Kind;
  switch (arrival.kind) {
    case Kind::kState:
      reader_.set(arrival.event);
      return;
    case Kind::kLost:
      fail_read(reader_.lost_events(now), now);
      return;
    case Kind::kKey:
      break;
  }
  for (const auto& read : reader_.take(arrival.event, now)) {
    if (!read) {
      fail_read(read.error(), now);
    } else if (!settling_) {
      back_off_.works();
      sink_.on_scan({config_.name, *read, now});
    }
  }
}

void KeyboardScanner::fail_read(std::optional<FailedRead::Reason> why, MonoTime at) {
  if (why && !settling_) sink_.on_failed_read({config_.name, *why, at});
}

void KeyboardScanner::report(DeviceState state, const std::string& detail) {
  if (auto change = news_.of(state, detail)) sink_.on_state(*std::move(change));
}

}  // namespace cairn::devices::evdev
