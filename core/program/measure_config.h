#pragma once
// The tables [[measure]] of an agent's configuration (docs/configuration.md): what the digits of
// labels with a price or a weight mean at this site. Read by the agent and by `cairn gs1 measure`.

#include "core/gs1/variable_measure.h"
#include "core/runtime/config_loader.h"

namespace cairn::program {

/// At most so many tables.
inline constexpr std::size_t kMeasuresMost = 32;

/// In the order of the file. Every problem stays in `file` until its done(); the first is also the
/// error: kInvalid "bad_measure_template", "no_scheme".
Result<gs1::MeasureScheme> read_measures(runtime::ConfigReader& file);

}  // namespace cairn::program
