#include "tools/cairn-sim/provider/provider_command.h"

#include "core/runtime/system_clock.h"
#include "tools/cairn-sim/provider/provider_server.h"
#include "tools/cairn-sim/stop_signal.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace cairn::simulator {
namespace {

constexpr const char* kProviderPurpose =
    "Plays a payment provider over HTTP: it authorises, captures, voids and refunds money that "
    "does "
    "not exist, does each Idempotency-Key once, and goes wrong as it is told: POST /faults. GET "
    "/sums and GET /settlement say what it did. The first line of output says where it listens.";

struct ProviderArguments {
  std::string listen = "127.0.0.1:0";
  std::string secret;
  int hold_ms = 5'000;
};

Result<> play_provider(const ProviderArguments& typed) {
  const auto listen = Endpoint::parse(typed.listen);
  if (!listen) return fail(listen.error().with_context("--listen"));
  const StopSignal stop;
  const runtime::SystemClock clock;
  PlayedProvider provider(clock);
  const auto hold = [&stop, &typed] {
    // Stopped or not: the answer is lost.
    static_cast<void>(stop.pause(std::chrono::milliseconds(typed.hold_ms)));
  };
  const auto server = ProviderServer::start(*listen, typed.secret, provider, hold);
  if (!server) return fail(server.error());
  const auto ready = json::Value::object().set("ready", true).set("provider", (*server)->url());
  fmt::print("{}\n", ready.dump());
  std::fflush(stdout);
  stop.wait();
  return {};
}

}  // namespace

int run_provider_command(int argc, const char* const* argv) {
  CLI::App app{kProviderPurpose, "cairn-sim provider"};
  ProviderArguments typed;
  app.add_option("--listen", typed.listen, "An address of the loopback and a port; 0: any free one")
      ->type_name("ADDRESS")
      ->capture_default_str();
  app.add_option("--secret", typed.secret,
                 "The bearer token that hubs have to send; none if not "
                 "given. It is no secret: the money does not exist")
      ->type_name("TEXT");
  app.add_option("--hold", typed.hold_ms, "How long an answer that is lost is not given, in ms")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& end) {
    return app.exit(end) == 0 ? 0 : 2;
  }
  const auto played = play_provider(typed);
  if (played) return 0;
  fmt::print(stderr, "cairn-sim provider: {}\n", played.error().message);
  return played.error().code == ErrorCode::kInvalid ? 2 : 1;
}

}  // namespace cairn::simulator
