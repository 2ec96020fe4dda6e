#pragma once
// Driver of label printers that speak ZPL II over a TCP connection (port 9100) or another wire. A
// job is done when the printer's own status says so, not when the octets are gone; a label of which
// the printer took an octet is never sent again.

#include "core/base/endpoint.h"
#include "core/base/time.h"
#include "device-drivers/api/printer.h"
#include "device-drivers/wire/byte_connection.h"
#include "device-drivers/wire/job_thread.h"
#include "device-drivers/wire/state_news.h"
#include "device-drivers/zpl/status_dialogue.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

struct ZplPrinterConfig {
  std::string name;
  Endpoint address;  ///< of one on the network
  Duration connect_within = std::chrono::seconds(3);
  Duration answer_within = std::chrono::seconds(2);  ///< to ~HS
  Duration take_within = std::chrono::seconds(10);   ///< the octets of a label
  Duration print_within = std::chrono::seconds(20);  ///< from the last octet to "idle"
  Duration look_every = std::chrono::seconds(5);     ///< how it is, while nothing is printed
};

class ZplPrinter final : public Printer, private JobThread<PrintJob>::Work {
 public:
  /// Starts the thread. The sink and the clock must outlive the printer.
  ZplPrinter(ZplPrinterConfig config, PrinterSink& sink, const Clock& clock);
  /// The same over the connector's wire.
  ZplPrinter(ZplPrinterConfig config, std::unique_ptr<Connector> connector, PrinterSink& sink,
             const Clock& clock);

  Result<> print(PrintJob job) override;

 private:
  using Outcome = PrintResult::Outcome;
  struct End {
    Outcome outcome = Outcome::kUnknown;
    std::string detail;
  };

  static End nothing_printed(std::string_view why);

  void work_on(const PrintJob& job) override;
  void look() override;
  bool has_changed() override;
  void give_back(const PrintJob& job) override;
  End print_one(const PrintJob& job);
  End send(StatusDialogue& dialogue, std::string_view zpl, bool answers);
  End confirm(StatusDialogue& dialogue, bool answers);
  Result<std::unique_ptr<ByteConnection>> connect();
  /// Nothing: it did not answer in time. Errors: those of ByteConnection::receive().
  Result<std::optional<HostStatus>> ask(StatusDialogue& dialogue);
  StatusDialogue begin(std::unique_ptr<ByteConnection> connection);
  void part(StatusDialogue& dialogue);
  void report_status(const std::optional<HostStatus>& status);
  void report(DeviceState state, const std::string& detail);
  [[nodiscard]] MonoTime in(Duration duration) const { return clock_.mono_now() + duration; }

  const ZplPrinterConfig config_;
  PrinterSink& sink_;
  const Clock& clock_;
  const Waker news_;  // woken when there is a job, or the device comes or goes
  const std::unique_ptr<Connector> connector_;
  StateNews state_news_;
  std::uint64_t owed_ = 0;      // answers that may still come, where the wire is one line
  JobThread<PrintJob> thread_;  // last: it uses everything above
};

}  // namespace cairn::devices
