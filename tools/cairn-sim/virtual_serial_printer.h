#pragma once
// A label or receipt printer that exists only as its serial line. Its own thread listens to the
// line. Any thread.

#include "core/base/time.h"
#include "tools/cairn-sim/print_engine.h"
#include "tools/cairn-sim/serial_played.h"

#include <chrono>
#include <string>
#include <vector>

namespace cairn::simulator {

struct VirtualSerialPrinterConfig {
  std::string name;
  std::string link;
  Duration print_time = std::chrono::milliseconds(300);
  PrinterLanguage language = PrinterLanguage::kZpl;
};

class VirtualSerialPrinter final : public SerialPlayed, public PrintEngine {
 public:
  /// The clock must outlive the printer.
  VirtualSerialPrinter(const VirtualSerialPrinterConfig& config, const Clock& clock);
  ~VirtualSerialPrinter() override;

  void tell_state(json::Value& into) const override;
  [[nodiscard]] Counts counts() const override { return count(is_open()); }

 private:
  void changed() override { wake().wake(); }
  /// "mute", "deaf" and "none"; the rest is of networks.
  [[nodiscard]] Result<> check(const PrinterFault& fault) const override;
  void serve(Pty& line) override;
  /// What was not printed is gone.
  void power_off() override { PrintEngine::power_off(); }
  [[nodiscard]] bool reads() const;

  const Clock& clock_;
};

}  // namespace cairn::simulator
