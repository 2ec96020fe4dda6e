#pragma once
// Driver of older label printers that speak EPL2, on any wire. EPL2 has no question whose answer
// says that a label is printed: one that was sent whole ends as unknown, and a person looks.

#include "core/base/time.h"
#include "device-drivers/api/printer.h"
#include "device-drivers/wire/print_spooler.h"

#include <memory>
#include <string_view>

namespace cairn::devices {

struct EplPrinterConfig : PrintSpoolerConfig {};

class EplPrinter final : public Printer, private PrinterLanguage {
 public:
  /// Starts the thread. The sink and the clock must outlive the printer.
  EplPrinter(const EplPrinterConfig& config, std::unique_ptr<Connector> connector,
             PrinterSink& sink, const Clock& clock);

  Result<> print(PrintJob job) override;

 private:
  [[nodiscard]] std::string_view silence() const override;
  PrintEnd confirm(const PrinterSession& session, bool answers) override;

  const Duration take_within_;
  PrintSpooler spooler_;  // last: its thread uses everything above
};

}  // namespace cairn::devices
