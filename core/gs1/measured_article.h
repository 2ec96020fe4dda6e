#pragma once
// Which article a number with a measure in it is about, and how heavy that is. Such a number is
// another one for each piece; articles are registered by the one whose value is zero. Pure. Any
// thread.

#include "core/base/barcode.h"
#include "core/base/gtin.h"
#include "core/gs1/variable_measure.h"

#include <cstdint>
#include <optional>
#include <span>

namespace cairn::gs1 {

struct MeasuredArticle {
  Measure measure;
  Gtin gtin;  ///< the number with value and verifier zero, and the check digit that fits
};

/// An EAN-13, or a UPC-A of 12 digits. Nothing: no such number, no template fits it, or a check
/// digit or the verifier is wrong.
std::optional<MeasuredArticle> read_measured_article(std::span<const MeasureTemplate> scheme,
                                                     const Barcode& barcode);

/// Of a weight, in milligrams, rounded half up. Nothing: it is a price, or more than 1,000 tonnes
/// could be.
std::optional<std::int64_t> weight_mg(const Measure& measure);

}  // namespace cairn::gs1
