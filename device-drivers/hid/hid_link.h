#pragma once
// A HID device on a thread of its own: waits until it is plugged in, takes it from the kernel's
// driver, hands its reports to what reads them (HidSession), and when it fails gets it back to
// work: clears the halt, resets it, opens it again. All HID drivers are one of these and a session.

#include "core/base/time.h"
#include "device-drivers/api/device.h"
#include "device-drivers/hid/report_descriptor.h"
#include "device-drivers/usb/back_off.h"
#include "device-drivers/usb/input_pipe.h"
#include "device-drivers/usb/usb_device.h"
#include "device-drivers/wire/state_news.h"
#include "device-drivers/wire/waker.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace cairn::devices::hid {

struct HidLinkConfig {
  std::string name;
  usb::Address address;
};

/// What a device's reports mean. Pure: reports and times go in, so that it is tested without a
/// wire. The link's thread only.
class HidSession {
 public:
  virtual ~HidSession() = default;
  /// An interface of the device was opened; nothing that it sent before counts. Errors: this is not
  /// what the session reads; the message says what it is not.
  virtual Result<> opened(const ReportDescriptor& descriptor, const usb::Identity& device,
                          MonoTime now) = 0;
  /// A report to set (its id first) before anything is read; empty: none.
  virtual std::string feature() { return {}; }
  /// A report arrived, its id (if it has one) first.
  virtual void received(BytesView report, MonoTime now) = 0;
  /// One arrived that could not be taken, or several were lost.
  virtual void damaged(MonoTime now) = 0;
  /// Nothing waits to be read at `now`.
  virtual void quiet(MonoTime now) = 0;
  /// The device went away.
  virtual void lost(MonoTime now) = 0;
  /// When quiet() is due; nothing: not before something arrives.
  [[nodiscard]] virtual std::optional<MonoTime> deadline() const = 0;
  /// The id of an input report to ask for now (0: reports have none); it is told once.
  virtual std::optional<std::uint8_t> to_ask() { return std::nullopt; }
  /// The device does not give reports when asked: it is asked no more.
  virtual void cannot_be_asked() {}
};

/// The first report is online, or offline with the reason. Offline is reported again only when the
/// reason changes.
class HidLink {
 public:
  using Report = std::function<void(StateChange)>;

  /// Starts the thread. Session, clock, and whatever the report uses must outlive the link.
  HidLink(HidLinkConfig config, HidSession& session, Report report, const Clock& clock);
  HidLink(const HidLink&) = delete;
  HidLink& operator=(const HidLink&) = delete;
  /// Stops within 100 ms, as long as session, report and the device's answers to a reset do not
  /// take longer.
  ~HidLink();

  /// The session has something to do. Any thread.
  void wake() const { waker_.wake(); }

  /// For the session: the device is there, but cannot do its work; or it can again.
  void report(DeviceState state, const std::string& detail);

 private:
  struct Opened {
    usb::Device device;
    usb::Interface interface;
    std::size_t report_octets = 0;
  };

  void run();
  /// Errors: why it cannot be used.
  Result<Opened> open();
  /// Octets of its longest report. Errors: why it is not this interface.
  Result<std::size_t> try_interface(usb::Device& device, const usb::Interface& one);
  /// What the device forgets when it is reset.
  void set_feature(usb::Device& device, const usb::Interface& one);
  /// Until the thread has to end (nothing) or the device has to be opened again (why).
  std::optional<Error> serve(Opened& opened);
  /// Until the thread has to end, or nothing more comes (why).
  Result<> read(Opened& opened, bool fresh);
  /// Drops what was there before the device was opened.
  Result<> drain(usb::InputPipe& pipe);
  /// Whether there was anything.
  Result<bool> take(usb::InputPipe& pipe);
  Result<> ask(Opened& opened, usb::InputPipe& pipe);
  Result<> recover(Opened& opened);
  [[nodiscard]] usb::Limit limit() const;

  const HidLinkConfig config_;
  HidSession& session_;
  const Report report_;
  const Clock& clock_;
  const Waker waker_;  // woken by the session, by arrivals, and to end the thread
  const Waker stop_;   // woken once, to end the thread: it also ends transfers
  std::atomic<bool> stopping_ = false;
  StateNews news_;
  usb::BackOff back_off_;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace cairn::devices::hid
