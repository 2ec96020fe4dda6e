#include "device-drivers/epl/epl_printer.h"

#include "device-drivers/epl/epl_encoder.h"
#include "device-drivers/labels/label_layout.h"

#include <utility>

namespace cairn::devices {
namespace {

Result<std::string> epl_of_parcel(const ParcelLabel& label) {
  const auto page = lay_out(label);
  if (!page) return fail(page.error());
  return epl_of(*page);
}

}  // namespace

EplPrinter::EplPrinter(const EplPrinterConfig& config, std::unique_ptr<Connector> connector,
                       PrinterSink& sink, const Clock& clock)
    : take_within_(config.take_within),
      spooler_(config, std::move(connector), *this, sink, clock) {}

Result<> EplPrinter::print(PrintJob job) {
  return spooler_.add({std::move(job.id), epl_of_parcel(job.label)});
}

std::string_view EplPrinter::silence() const {
  return "it does not say how it is: labels have to be looked at";
}

/// No answer shows that the line has carried the label away, so that gets its time here.
PrintEnd EplPrinter::confirm(const PrinterSession& session, bool /*answers*/) {
  session.connection.finish(session.in(take_within_), session.stop, session.clock);
  return {PrintResult::Outcome::kUnknown,
          "it does not say whether the label is printed: look, also whether it has paper"};
}

}  // namespace cairn::devices
