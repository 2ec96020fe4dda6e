"""A store with two devices and a broker of its own, over which they hear each other."""

from __future__ import annotations

from lab.api import Api, Json
from lab.broker import write_lan_broker_files
from lab.company import MOSQUITTO, Agent, Company, Site, free_port
from lab.processes import Service
from shop import heads, toml_file, wait_for

STORE = Site("shop", "Shop York", "STORE", 53.9583, -1.0803, (1, 1))


class Lan:
    """The store's broker, and its devices told of it."""

    def __init__(self, company: Company):
        directory = company.directory / "lan"
        self.port = free_port()
        nodes = [agent.node for agent in company.agents]
        self.passwords = write_lan_broker_files(directory, self.port, company.sites[0].site, nodes)
        self.service = Service("lan", [MOSQUITTO, "-c", directory / "broker.conf"], directory / "broker.log")
        self.service.start()
        for agent in company.agents:
            self.tell(agent)

    def tell(self, agent: Agent) -> None:
        file = toml_file(agent)
        head, _, devices = file.read_text().partition("[[device]]")
        table = f'[lan]\nurl = "tcp://127.0.0.1:{self.port}"\npassword_file = "{self.passwords[agent.node]}"\n\n'
        file.write_text(f"{head}{table}[[device]]{devices}")
        agent.service.stop()
        agent.service.start()


def lan_of(api: Api) -> Json:
    return api.get("/api/v1/sync")["lan"]


def wait_together(company: Company) -> None:
    """Until each device hears the other and both hold the same records of each other."""
    apis = [company.agent_api(agent) for agent in company.agents]
    nodes = {agent.node for agent in company.agents}

    def together() -> bool:
        states = [lan_of(api) for api in apis]
        return all(state["link"] == "up" and len(state["neighbours"]) == 1 for state in states)

    def same() -> bool:
        held = [{author: head for author, head in heads(api).items() if author[0] in nodes} for api in apis]
        return held[0] == held[1]

    wait_for("the devices hear each other", together)
    wait_for("both have the same records", same)
    for api in apis:
        api.close()
