#pragma once
// Driver of older label printers that speak EPL2, on any wire. EPL2 has no question whose answer
// says that a label is printed: one that was sent whole ends as unknown, and a person looks; one of
// which the printer took an octet is never sent again.

#include "core/base/time.h"
#include "device-drivers/api/printer.h"
#include "device-drivers/wire/byte_connection.h"
#include "device-drivers/wire/job_thread.h"
#include "device-drivers/wire/state_news.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace cairn::devices {

struct EplPrinterConfig {
  std::string name;
  Duration connect_within = std::chrono::seconds(3);
  Duration take_within = std::chrono::seconds(10);  ///< the octets of a label
  Duration look_every = std::chrono::seconds(5);  ///< whether it is there, while nothing is printed
};

class EplPrinter final : public Printer, private JobThread<PrintJob>::Work {
 public:
  /// Starts the thread. The sink and the clock must outlive the printer.
  EplPrinter(EplPrinterConfig config, std::unique_ptr<Connector> connector, PrinterSink& sink,
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
  bool has_changed() override { return connector_->has_changed(); }
  void give_back(const PrintJob& job) override;
  End print_one(const PrintJob& job);
  /// With what its wire says of it reported. Errors: those of Connector::connect(), kUnavailable
  /// "printer_trouble".
  Result<std::unique_ptr<ByteConnection>> connect();
  void report(DeviceState state, const std::string& detail);
  [[nodiscard]] MonoTime in(Duration duration) const { return clock_.mono_now() + duration; }

  const EplPrinterConfig config_;
  PrinterSink& sink_;
  const Clock& clock_;
  const Waker news_;  // woken when there is a job, or the device comes or goes
  const std::unique_ptr<Connector> connector_;
  StateNews state_news_;
  JobThread<PrintJob> thread_;  // last: it uses everything above
};

}  // namespace cairn::devices
