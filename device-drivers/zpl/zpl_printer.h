#pragma once
// Driver of label printers that speak ZPL II over a TCP connection (port 9100) or another wire. A
// job is done when the printer's own status says so, not when the octets are gone.

#include "core/base/endpoint.h"
#include "core/base/time.h"
#include "device-drivers/api/printer.h"
#include "device-drivers/wire/print_spooler.h"
#include "device-drivers/zpl/status_dialogue.h"

#include <chrono>
#include <memory>
#include <optional>

namespace cairn::devices {

struct ZplPrinterConfig : PrintSpoolerConfig {
  Endpoint address;                                  ///< of one on the network
  Duration answer_within = std::chrono::seconds(2);  ///< to ~HS
  Duration print_within = std::chrono::seconds(20);  ///< from the last octet to "idle"
};

class ZplPrinter final : public Printer, private PrinterLanguage {
 public:
  /// Starts the thread. The sink and the clock must outlive the printer.
  ZplPrinter(const ZplPrinterConfig& config, PrinterSink& sink, const Clock& clock);
  /// The same over the connector's wire.
  ZplPrinter(const ZplPrinterConfig& config, std::unique_ptr<Connector> connector,
             PrinterSink& sink, const Clock& clock);

  Result<> print(PrintJob job) override;

 private:
  void begin(bool one_line) override;
  void forget() override { dialogue_ = StatusDialogue(); }
  Result<std::optional<PrinterCondition>> ask(const PrinterSession& session) override;
  PrintEnd confirm(const PrinterSession& session, bool answers) override;

  Result<std::optional<HostStatus>> ask_status(const PrinterSession& session);

  const Duration answer_within_;
  const Duration print_within_;
  StatusDialogue dialogue_;
  PrintSpooler spooler_;  // last: its thread uses everything above
};

}  // namespace cairn::devices
