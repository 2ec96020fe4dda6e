#pragma once
// Labels of packages: their numbers come from this device's own block, so that no number is used
// twice with or without a network; each is printed once. What is written before the first octet
// goes to the printer makes a crash in between an "unknown", not a second label; that a label only
// waits is written, too, so that a crash makes it "failed", with nothing sent. Each function runs
// inside a job of the writer. Loop only.

#include "core/storage/unit_of_work.h"
#include "edge-agent/workflows/operator.h"

#include <string>
#include <vector>

namespace cairn::agent {

/// What a printer has to do, once this is committed.
struct LabelOrder {
  EventRef start;  ///< the LabelPrintStarted: the name of the job
  ShipGroupId group;
  EventRef package;
  std::string site_name;
  std::string order_reference;
  std::int64_t weight_mg = 0;
  std::string sscc;
  std::string tracking;
  bool noted = false;  ///< that it waits: storage::forget_waiting_label() before it is sent
};

/// Gives the package its numbers, if it has none, and notes that its label goes to `printer`;
/// `waits`: not at once, the printer has others to print first. Errors: kUnavailable
/// "no_label_numbers" (the hub has to give new ones); those of domain::decide().
Result<LabelOrder> start_label(storage::UnitOfWork& work, ShipGroupId group,
                               const EventRef& package, const std::string& printer, bool waits,
                               const Operator& by);

/// The label goes to another printer, which nothing of it was sent to; to be called for one that
/// nothing was sent of at all. Errors: those of domain::decide().
Result<LabelOrder> move_label(storage::UnitOfWork& work, const LabelOrder& order,
                              const std::string& printer, bool waits, const Operator& by);

/// Labels that wait, though that was not noted when they were started.
void note_waiting(storage::UnitOfWork& work, const std::vector<EventRef>& starts);
/// The label's turn has come; to be committed before it is sent.
void end_waiting(storage::UnitOfWork& work, const EventRef& start);

/// How the printer's job ended, also after a repair of the log; nothing happens if that is known
/// already.
Result<> end_label(storage::UnitOfWork& work, ShipGroupId group,
                   const domain::EndLabelPrint& ended);

/// Somebody looked whether the label came out. Errors: those of domain::decide().
Result<> check_label(storage::UnitOfWork& work, ShipGroupId group, const domain::CheckLabel& check,
                     const Operator& by);

/// At the start of the process: every label that was on its way at this device is "unknown" now,
/// and "failed" if it only waited.
struct GivenUp {
  std::size_t unknown = 0;
  std::size_t failed = 0;
};
Result<GivenUp> give_up_unfinished_labels(storage::UnitOfWork& work);

}  // namespace cairn::agent
