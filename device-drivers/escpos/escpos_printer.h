#pragma once
// Driver of receipt printers that speak ESC/POS over a TCP connection (port 9100) or another
// wire. A receipt is done when the printer says that it has processed all of it (GS r), not when
// the octets are gone; one of which the printer took an octet is never sent again.

#include "core/base/endpoint.h"
#include "core/base/time.h"
#include "device-drivers/api/receipt_printer.h"
#include "device-drivers/escpos/drawer_rest.h"
#include "device-drivers/escpos/encoder.h"
#include "device-drivers/escpos/status.h"
#include "device-drivers/wire/byte_connection.h"
#include "device-drivers/wire/job_thread.h"
#include "device-drivers/wire/state_news.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

struct EscPosPrinterConfig {
  std::string name;
  Endpoint address;                            ///< of one on the network
  const ReceiptPrinterModel* model = nullptr;  ///< not null
  DrawerPulse pulse;                           ///< must have been checked
  Duration connect_within = std::chrono::seconds(3);
  Duration answer_within = std::chrono::milliseconds(500);  ///< to DLE EOT
  Duration take_within = std::chrono::seconds(10);          ///< the octets of a receipt
  Duration print_within = std::chrono::seconds(20);         ///< from the last octet to its answer
  Duration look_every = std::chrono::seconds(5);            ///< while nothing is printed
};

/// What the thread is given: octets, and what they are for a person.
struct EscPosJob {
  std::string id;
  std::string octets;
  bool opens_drawer = false;
  std::string_view nothing_done;  ///< "nothing was printed"
};

class EscPosPrinter final : public ReceiptPrinter, private JobThread<EscPosJob>::Work {
 public:
  /// Starts the thread. The sink and the clock must outlive the printer.
  EscPosPrinter(EscPosPrinterConfig config, PrinterSink& sink, const Clock& clock);
  /// The same over the connector's wire.
  EscPosPrinter(EscPosPrinterConfig config, std::unique_ptr<Connector> connector, PrinterSink& sink,
                const Clock& clock);

  Result<> print(ReceiptJob job) override;
  Result<> open_drawer(std::string id) override;

 private:
  using Outcome = PrintResult::Outcome;
  struct End {
    Outcome outcome = Outcome::kUnknown;
    std::string detail;
  };

  void work_on(const EscPosJob& job) override;
  void look() override;
  bool has_changed() override;
  void give_back(const EscPosJob& job) override;

  Result<> add(EscPosJob job);
  End send(ByteConnection& connection, const EscPosJob& job);
  End confirm(ByteConnection& connection);
  /// Hears the answers to what was asked behind earlier receipts, so that none of them counts for
  /// the next.
  void settle(ByteConnection& connection);
  Result<std::unique_ptr<ByteConnection>> connect();
  /// Nothing: it says nothing of itself. Errors: kUnavailable "not_asked" (the question could not
  /// be sent, and why) and those of ByteConnection::receive().
  Result<std::optional<EscPosStatus>> ask(ByteConnection& connection);
  Result<std::optional<EscPosStatus>> ask_one(ByteConnection& connection, int question);
  /// Nothing: no more within the time.
  Result<bool> hear(ByteConnection& connection, MonoTime until);
  void report_status(const std::optional<EscPosStatus>& status);
  void report(DeviceState state, const std::string& detail);
  [[nodiscard]] MonoTime in(Duration duration) const { return clock_.mono_now() + duration; }

  const EscPosPrinterConfig config_;
  PrinterSink& sink_;
  const Clock& clock_;
  const Waker news_;  // woken when there is a job, or the device comes or goes
  const std::unique_ptr<Connector> connector_;
  StateNews state_news_;
  DrawerRest drawer_;
  EscPosStatusReader reader_;
  bool answered_ = false;  // the question under way
  EscPosStatus status_;
  JobThread<EscPosJob> thread_;  // last: it uses everything above
};

}  // namespace cairn::devices
