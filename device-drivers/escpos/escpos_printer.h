#pragma once
// Driver of receipt printers that speak ESC/POS over a TCP connection (port 9100) or another
// wire. A receipt is done when the printer says that it has processed all of it (GS r), not when
// the octets are gone.

#include "core/base/endpoint.h"
#include "core/base/time.h"
#include "device-drivers/api/receipt_printer.h"
#include "device-drivers/escpos/drawer_rest.h"
#include "device-drivers/escpos/encoder.h"
#include "device-drivers/escpos/status.h"
#include "device-drivers/wire/print_spooler.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace cairn::devices {

struct EscPosPrinterConfig : PrintSpoolerConfig {
  Endpoint address;                                         ///< of one on the network
  const ReceiptPrinterModel* model = nullptr;               ///< not null
  DrawerPulse pulse;                                        ///< must have been checked
  Duration answer_within = std::chrono::milliseconds(500);  ///< to DLE EOT
  Duration print_within = std::chrono::seconds(20);         ///< from the last octet to its answer
};

class EscPosPrinter final : public ReceiptPrinter, private PrinterLanguage {
 public:
  /// Starts the thread. The sink and the clock must outlive the printer.
  EscPosPrinter(const EscPosPrinterConfig& config, PrinterSink& sink, const Clock& clock);
  /// The same over the connector's wire.
  EscPosPrinter(const EscPosPrinterConfig& config, std::unique_ptr<Connector> connector,
                PrinterSink& sink, const Clock& clock);

  Result<> print(ReceiptJob job) override;
  Result<> open_drawer(std::string id) override;

 private:
  void begin(bool one_line) override;
  void forget() override { reader_.forget_processed(); }
  /// Errors, too: kUnavailable "not_asked" (the question could not be sent, and why).
  Result<std::optional<PrinterCondition>> ask(const PrinterSession& session) override;
  void settle(const PrinterSession& session) override;
  std::string objection(const PrintTask& task, MonoTime now) override;
  void taken(const PrintTask& task, MonoTime now) override;
  PrintEnd confirm(const PrinterSession& session, bool answers) override;

  Result<bool> ask_one(const PrinterSession& session, int question);
  /// False: no more within the time.
  Result<bool> hear(const PrinterSession& session, MonoTime until);

  const EscPosPrinterConfig config_;
  DrawerRest drawer_;
  EscPosStatusReader reader_;
  bool answered_ = false;  // the question under way
  EscPosStatus status_;
  PrintSpooler spooler_;  // last: its thread uses everything above
};

}  // namespace cairn::devices
