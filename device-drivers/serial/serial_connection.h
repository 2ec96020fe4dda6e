#pragma once
// A printer on a serial line, as a connection: the port is opened for each job or look and closed
// behind it. The line has no end of its own, so a job's answers are what tells that it is printed.

#include "core/base/time.h"
#include "device-drivers/serial/serial_port.h"
#include "device-drivers/wire/byte_connection.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::devices {

struct SerialLineConfig {
  std::string path;
  std::uint32_t baud = 9600;
  SerialMode mode = SerialMode::k8N1;
  SerialFlow flow = SerialFlow::kXonXoff;
};

class SerialConnection final : public ByteConnection {
 public:
  explicit SerialConnection(SerialPort port) : port_(std::move(port)) {}
  SerialConnection(const SerialConnection&) = delete;
  SerialConnection& operator=(const SerialConnection&) = delete;
  /// Unless finish() has seen the line send all of it, what it has not sent is not sent any more.
  ~SerialConnection() override {
    if (!is_sent_) port_.drop_unsent();
  }

  /// In the kernel an octet is as good as printed.
  Sent send(std::string_view octets, MonoTime until, const Waker& waker,
            const Clock& clock) override;

  /// Errors: kUnavailable "device_gone", "stopped".
  Result<std::string> receive(MonoTime until, const Waker& waker, const Clock& clock) override;

  /// Waits until the line has sent what it took.
  void finish(MonoTime until, const Waker& waker, const Clock& clock) override;

 private:
  SerialPort port_;
  bool is_sent_ = false;
};

/// Opens the port anew each time.
class SerialConnector final : public Connector {
 public:
  explicit SerialConnector(SerialLineConfig line) : line_(std::move(line)) {}

  /// Errors: those of SerialPort::open().
  Result<std::unique_ptr<ByteConnection>> connect(MonoTime until, const Waker& waker,
                                                  const Clock& clock) override;
  [[nodiscard]] bool is_one_line() const override { return true; }

 private:
  const SerialLineConfig line_;
};

}  // namespace cairn::devices
