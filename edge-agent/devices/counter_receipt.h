#pragma once
// What is on the receipts of the counter: of a pickup that its customer got, and of a return.
// Amounts are those of the log; nothing is said about how anything was paid. Pure.

#include "core/base/time.h"
#include "core/domain/returns/sale.h"
#include "core/storage/projections/returns.h"
#include "device-drivers/escpos/receipt.h"

#include <string>

namespace cairn::agent {

/// Where, when and by whom it was done.
struct CounterAct {
  std::string site_name;
  UtcTime at;          ///< zero: not known any more
  std::string person;  ///< empty: nobody known here
  bool copy = false;
};

/// What was handed over of the group, with its worth.
devices::Receipt hand_over_receipt(const CounterAct& act, const domain::Sale& sale);
/// What came back, with what is owed for it as amounts below zero. `approved_by`: a second person's
/// name; empty: nobody had to.
devices::Receipt return_receipt(const CounterAct& act, const storage::ReturnRow& row,
                                const std::string& approved_by);

/// The receipt on paper of so many columns, with `code` to be scanned at the return counter: as
/// Code 128 if it fits, else as a QR code, else not at all. Errors: those of devices::lay_out().
Result<devices::ReceiptPage> lay_out_with_code(devices::Receipt receipt, const std::string& code,
                                               int columns);

}  // namespace cairn::agent
