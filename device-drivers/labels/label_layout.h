#pragma once
// The labels of a site, and where things are on them. Pure. Texts are UTF-8 of at most 120 octets;
// one that is too long for its place is smaller, then cut. Every layout fails with kInvalid
// "bad_label" and says what cannot be printed.

#include "core/base/money.h"
#include "core/base/result.h"
#include "device-drivers/api/printer.h"
#include "device-drivers/labels/label_page.h"

#include <optional>
#include <string>

namespace cairn::devices {

/// A place in a warehouse, on the shelf before it ("shelf", 100 x 50 mm) or on the bin itself
/// ("bin", 60 x 40 mm): the code is 2 to 20 printable ASCII characters.
struct LocationLabel {
  std::string location;
  std::string name;  ///< of what lies there; shelf only
  std::string sku;
};

/// A box that travels through the warehouse (100 x 50 mm): 2 to 20 printable ASCII characters.
struct ToteLabel {
  std::string tote;
  std::string site;
};

/// On the bag of an order that is collected (100 x 75 mm).
struct PickupLabel {
  std::string order;  ///< 2 to 20 printable ASCII characters
  std::string name;   ///< of the customer
  std::string place;  ///< where the bag waits
  int bag = 1;        ///< 1 to bags
  int bags = 1;       ///< at most 99
};

/// On what a customer gave back (100 x 50 mm).
struct ReturnLabel {
  std::string id;  ///< 2 to 20 printable ASCII characters
  std::string order;
  std::string name;  ///< of the article
  std::string condition;
};

/// On an article or its shelf edge (60 x 40 mm).
struct ProductLabel {
  std::string name;
  std::string gtin;  ///< 8, 12, 13 or 14 digits
  std::optional<Money> price;
  std::string batch;   ///< at most 20 letters, digits, "-", "/" and "."; GS1 (10)
  std::string expiry;  ///< YYMMDD; GS1 (17)
};

/// 102 x 152 mm, a GS1 logistic label.
Result<LabelPage> lay_out(const ParcelLabel& label);
Result<LabelPage> lay_out_shelf(const LocationLabel& label);
Result<LabelPage> lay_out_bin(const LocationLabel& label);
Result<LabelPage> lay_out(const ToteLabel& label);
Result<LabelPage> lay_out(const PickupLabel& label);
Result<LabelPage> lay_out(const ReturnLabel& label);
/// An EAN-13; with a batch or an expiry, or of a GTIN-14, a GS1 DataMatrix instead.
Result<LabelPage> lay_out(const ProductLabel& label);

}  // namespace cairn::devices
