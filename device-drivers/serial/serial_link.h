#pragma once
// A serial device on a thread of its own: opens the port, hands the octets to what the device
// speaks (SerialSession), sends what that has to say, and when the device goes away waits for it to
// come back under the same path. All serial drivers are one of these and a session.

#include "core/base/time.h"
#include "device-drivers/api/device.h"
#include "device-drivers/serial/serial_port.h"
#include "device-drivers/wire/state_news.h"
#include "device-drivers/wire/waker.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace cairn::devices {

struct SerialLinkConfig {
  std::string name;
  std::string path;
  std::uint32_t baud = 9600;
  SerialMode mode = SerialMode::k8N1;
};

/// What a device speaks. Pure: octets and times go in and out, so that it is tested without a wire.
/// The link's thread only.
class SerialSession {
 public:
  virtual ~SerialSession() = default;
  /// The port was opened; nothing that was sent before counts. True: that is all it takes to be
  /// online.
  virtual bool opened(MonoTime now) = 0;
  /// Octets arrived.
  virtual void received(std::string_view octets, MonoTime now) = 0;
  /// Nothing waits to be read at `now`.
  virtual void quiet(MonoTime now) = 0;
  /// The device went away.
  virtual void lost(MonoTime now) = 0;
  /// When quiet() is due; nothing: not before something arrives.
  [[nodiscard]] virtual std::optional<MonoTime> deadline() const = 0;
  /// What is to be sent now; it is told once.
  virtual std::string to_send() { return {}; }
};

/// The first report is online, or offline with the reason. Offline is reported again only when the
/// reason changes. Settings that cannot work show as such a reason.
class SerialLink {
 public:
  using Report = std::function<void(StateChange)>;

  /// Starts the thread. Session, clock, and whatever the report uses must outlive the link.
  SerialLink(SerialLinkConfig config, SerialSession& session, Report report, const Clock& clock);
  SerialLink(const SerialLink&) = delete;
  SerialLink& operator=(const SerialLink&) = delete;
  /// Stops within 100 ms, as long as session and report do not block.
  ~SerialLink();

  /// The session has something to do: its deadline has changed. Any thread.
  void wake() const { waker_.wake(); }

  /// For the session: the device itself answers, or does not, though the port is open.
  void report(DeviceState state, const std::string& detail);

 private:
  void run();
  /// Why the port was lost; nothing when the thread has to end. The port is closed either way.
  std::optional<Error> serve(SerialPort port);
  Result<> send(SerialPort& port);

  static constexpr Duration kFirstRetry = std::chrono::milliseconds(100);

  const SerialLinkConfig config_;
  SerialSession& session_;
  const Report report_;
  const Clock& clock_;
  const Waker waker_;
  std::atomic<bool> stopping_ = false;
  StateNews news_;
  Duration retry_ = kFirstRetry;  // grows while the device stays away
  std::thread thread_;            // last: it uses everything above
};

}  // namespace cairn::devices
