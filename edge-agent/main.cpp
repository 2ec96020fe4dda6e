// cairn-agent: the edge agent of one device in a store or warehouse.

#include "core/program/process.h"
#include "core/program/version.h"
#include "edge-agent/agent.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>

int main(int argc, char** argv) {
  CLI::App app("cairn-agent: runs one device of a store or warehouse, with or without a network");
  std::string config_file = "/etc/cairn/agent.toml";
  bool check_only = false;
  app.add_option("-c,--config", config_file, "configuration file")->capture_default_str();
  app.add_flag("--check-config", check_only, "read the configuration, say what is wrong, and stop");
  app.set_version_flag("--version", std::string(cairn::program::kVersion));
  app.footer("Every key of the file is explained in docs/configuration.md.");
  CLI11_PARSE(app, argc, argv);

  const cairn::agent::ConfigSource source{config_file, cairn::runtime::process_environment()};
  const auto config = cairn::agent::load_agent_config(source);
  if (!config) {
    std::cerr << config.error().message << '\n';
    return cairn::program::kExitConfig;
  }
  if (check_only) {
    std::cout << config->summary << '\n';
    return 0;
  }
  return cairn::agent::run_agent(*config, source);
}
