"""What a script or a container engine is told of one service: by exit code, without a word."""

import unittest

from running import BIN, Program, Services, entente

READY, NOT_NOW = 0, 3


class Health(unittest.TestCase):
    def health(self, services, name):
        answer = services.entente("--timeout", "1", "status", "--service", name, "--quiet")
        self.assertEqual(answer.out + answer.err, "")
        return answer.code

    def test_a_service_that_is_gone_is_told_from_those_that_work(self):
        services = Services()
        self.addCleanup(services.close)
        services.ask("timeline")  # waits for the views
        self.assertEqual([self.health(services, name) for name in Services.NAMES], [READY] * 3)
        services.kill("projector")
        self.assertEqual([self.health(services, name) for name in Services.NAMES],
                         [READY, NOT_NOW, READY])
        services.start("projector")
        self.assertEqual(self.health(services, "projector"), READY)

    def test_a_query_without_views_is_not_ready(self):
        services = Services()
        self.addCleanup(services.close)
        services.kill("projector")
        program = Program(BIN / "entente-query", "--data", services.base / "new", "--projector",
                          services.endpoints["projector"], "--listen", "tcp://127.0.0.1:*",
                          "--tail", "tcp://127.0.0.1:*")
        self.addCleanup(program.stop)
        where = "--query=" + program.await_line(r"^query (tcp://\S+)")[1]
        only = ["status", "--service", "query"]
        self.assertEqual(entente(where, *only, "--quiet").code, NOT_NOW)
        told = entente(where, *only)
        self.assertIn("Has no views yet", told.out)
        self.assertNotIn("ingest", told.out)
        services.start("projector")
        entente(where, "timeline").ok()
        self.assertEqual(entente(where, *only, "--quiet").code, READY)

    def test_only_services_have_a_health(self):
        self.assertEqual(entente("status", "--service", "gateway").code, 2)


if __name__ == "__main__":
    unittest.main()
