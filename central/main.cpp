// cairn-hub: head office's program, the one place that knows every site.

#include "central/hub.h"
#include "core/program/process.h"
#include "core/program/version.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>

namespace {

int print_new_admin(const cairn::central::HubConfig& config, const std::string& name) {
  const auto pin = cairn::central::create_admin(config, name);
  if (!pin) {
    std::cerr << pin.error().message << '\n';
    return 1;
  }
  // Alone on its line, so that a script can take it.
  std::cout << *pin << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("cairn-hub: orders, stock, routing and every site's replica");
  std::string config_file = "/etc/cairn/hub.toml";
  std::string admin;
  bool check_only = false;
  app.add_option("-c,--config", config_file, "configuration file")->capture_default_str();
  app.add_flag("--check-config", check_only, "read the configuration, say what is wrong, and stop");
  const auto* const create_admin = app.add_option(
      "--create-admin", admin,
      "add an administrator of this name (while the hub is not running), print the PIN, "
      "and stop");
  app.set_version_flag("--version", std::string(cairn::program::kVersion));
  app.footer("Every key of the file is explained in docs/configuration.md.");
  CLI11_PARSE(app, argc, argv);

  const auto config =
      cairn::central::load_hub_config(config_file, cairn::runtime::process_environment());
  if (!config) {
    std::cerr << config.error().message << '\n';
    return cairn::program::kExitConfig;
  }
  if (check_only) {
    std::cout << config->summary << '\n';
    return 0;
  }
  if (create_admin->count() > 0) return print_new_admin(*config, admin);
  return cairn::central::run_hub(*config);
}
