#pragma once
// Metrics as Prometheus scrapes them (text exposition format 0.0.4). Pure.

#include "core/base/metrics.h"

#include <string>
#include <string_view>
#include <vector>

namespace cairn::runtime {

/// Content-Type of what prometheus_text returns.
constexpr std::string_view kPrometheusType = "text/plain; version=0.0.4; charset=utf-8";

/// Every sample, those of one metric together under its # TYPE line.
std::string prometheus_text(const std::vector<Metrics::Sample>& samples);

/// name="value" with the value escaped: ready label text for Metrics when the value is not our own.
std::string prometheus_label(std::string_view name, std::string_view value);

}  // namespace cairn::runtime
