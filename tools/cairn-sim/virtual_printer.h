#pragma once
// A label or receipt printer that exists only as its network side: it listens, prints and answers
// questions about its status as a real one does, one connection at a time, and misbehaves when told
// to. Its own thread. Any thread.

#include "core/base/endpoint.h"
#include "core/base/time.h"
#include "tools/cairn-sim/print_engine.h"
#include "tools/cairn-sim/tcp_side.h"
#include "tools/cairn-sim/virtual_device.h"
#include "tools/cairn-sim/wake_event.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace cairn::simulator {

struct VirtualPrinterConfig {
  std::string name;
  Endpoint address;  ///< port 0: any free one, the same again after it was unplugged
  Duration print_time = std::chrono::milliseconds(300);
  using Language = PrinterLanguage;
  Language language = Language::kZpl;
};

class VirtualPrinter final : public VirtualDevice, public PrintEngine {
 public:
  /// The clock must outlive the printer.
  VirtualPrinter(VirtualPrinterConfig config, const Clock& clock);
  ~VirtualPrinter() override;

  /// Errors: kConflict "plugged", and those of TcpListener::open().
  Result<> plug() override;
  /// As if the power went: listener, connection and everything that was not printed are gone.
  Result<> unplug() override;
  void tell_place(json::Value& into) const override;
  void tell_state(json::Value& into) const override;

  /// Where it listens, or did before it was unplugged.
  [[nodiscard]] Endpoint address() const;

  [[nodiscard]] Counts counts() const override;
  /// True once `enough` holds; false if it does not within `limit`.
  bool wait(const std::function<bool(const Counts&)>& enough, std::chrono::milliseconds limit);

 private:
  void changed() override { wake_.wake(); }
  void serve();
  void step();
  void accept();
  void take();
  void answer(const std::vector<Bytes>& answers);
  void hang_up();
  void pull();
  [[nodiscard]] bool listens_to_connection() const;

  const VirtualPrinterConfig config_;
  const Clock& clock_;
  std::mutex plugging_;  // one plug() or unplug() at a time
  const WakeEvent wake_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex serving_;  // guards what follows
  Endpoint address_;
  std::optional<TcpListener> listener_;  // none: unplugged
  std::optional<TcpSide> connection_;
  std::condition_variable stepped_;
  std::thread thread_;
};

}  // namespace cairn::simulator
