"""An engine is a process that obeys lines; see main.rs for what it understands."""

import subprocess
import tempfile


class Refused(Exception):
    """The engine cannot run this network; its own words."""


class Engine:
    def __init__(self, label, command, environment=None):
        self.label = label
        # A file and no pipe: nobody reads while the engine works, and a full pipe would stop it.
        self.complaints = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.complaints
        )
        self._answer("ready")

    def ask(self, line, expected):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._answer(expected)

    def run(self, count):
        """CPU milliseconds of each of `count` runs."""
        return [float(word) for word in self.ask(f"run {count}", "ms")]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.complaints.close()

    def _answer(self, expected):
        line = self.process.stdout.readline().split()
        if line[:1] != [expected]:
            self.process.kill()
            self.process.wait()
            raise Refused(f"{self.label}: {' '.join(line) or self._last_words()}")
        return line[1:]

    def _last_words(self):
        self.complaints.seek(0)
        return self.complaints.read()[-400:].strip() or "it ended without a word"
