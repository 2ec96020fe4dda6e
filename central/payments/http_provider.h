#pragma once
// A payment provider behind HTTP (docs/payments.md). Some threads of its own, each with a
// connection; the questions of one payment are put by the same one, in order. Loop only.

#include "central/payments/provider.h"
#include "core/base/env.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace cairn::central {

struct HttpProviderConfig {
  std::string url;     ///< "http://host:port"; empty: there is no provider
  std::string secret;  ///< sent as bearer token; empty: none
  Duration timeout = std::chrono::seconds(10);
  std::size_t connections = 4;
};

class HttpProvider final : public Provider {
 public:
  /// Errors: kInvalid "bad_url". Nothing is sent yet.
  static Result<std::unique_ptr<HttpProvider>> create(Env env, HttpProviderConfig config);
  HttpProvider(const HttpProvider&) = delete;
  HttpProvider& operator=(const HttpProvider&) = delete;
  /// Waits for the questions that are being put: for the time-out at most.
  ~HttpProvider() override;

  void ask(const ProviderQuestion& question, Answered answered) override;

 private:
  class Line;

  HttpProvider(Env env, HttpProviderConfig config);

  Env env_;
  HttpProviderConfig config_;
  std::vector<std::unique_ptr<Line>> lines_;
};

}  // namespace cairn::central
