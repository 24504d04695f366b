"""A JupyterHub for one course. Students and instructors have accounts of the system; README.md says what to install.

Every instructor comes to the course in one shared JupyterLab, the graders' server: a service of the hub that belongs to
an account of its own. That is the arrangement of nbgrader's documentation for one class with several graders.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821

# Look at each of these.
URL = "http://127.0.0.1:8000"  # where the hub listens; a web server with the certificate stands in front of it
INSTRUCTORS = ["instructor"]  # who may enter the graders' server: names of accounts
GRADER = "grader"  # the account that owns the course; nobody logs in with it
COURSE = "/srv/coursekit"  # the folder of the course: GRADER's, with the rights 0700
COURSE_ID = "coursekit"  # as in the course's nbgrader_config.py
EXCHANGE = "/srv/exchange"  # where nbgrader hands out and takes in: GRADER's, with the rights 1777
STATE = "/var/lib/jupyterhub"  # what the hub remembers: root's, with the rights 0700
IDLE = 60 * 60  # seconds without work after which a kernel, and a server without kernels, end

# Who may log in: everybody who has an account, with its password. For OAuth, LDAP or a list of names see
# https://jupyterhub.readthedocs.io/en/stable/reference/authenticators.html
c.JupyterHub.authenticator_class = "pam"
c.Authenticator.allow_all = True

# A server is a process of the student's account. docs/hub.md says how to limit its memory.
c.JupyterHub.spawner_class = "localprocess"

# From here on, nothing needs a change.
HERE = Path(__file__).resolve().parent
COMMANDS = Path(sys.executable).parent
SERVER = [
    str(COMMANDS / "jupyterhub-singleuser"),
    # Sockets in the student's home: to a port of the machine anybody could listen.
    "--KernelManager.transport=ipc",
    f"--MappingKernelManager.cull_idle_timeout={IDLE}",
    "--MappingKernelManager.cull_connected=True",
]
ENVIRONMENT = {
    "PATH": f"{COMMANDS}:{os.environ['PATH']}",
    "JUPYTER_CONFIG_PATH": str(HERE / "everyone"),
    "COURSEKIT_COURSE": COURSE_ID,
    "COURSEKIT_EXCHANGE": EXCHANGE,
}

c.JupyterHub.bind_url = URL
c.JupyterHub.db_url = f"sqlite:///{STATE}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{STATE}/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = f"{STATE}/proxy.pid"
# When a lesson begins, all servers start at once, and slowly; with a limit, students would be turned away.
c.JupyterHub.concurrent_spawn_limit = 0
c.Spawner.start_timeout = c.Spawner.http_timeout = 180

c.Spawner.cmd = [*SERVER, f"--ServerApp.shutdown_no_activity_timeout={IDLE}"]
c.Spawner.default_url = "/lab"
c.Spawner.environment = {
    **ENVIRONMENT,
    "JUPYTER_CONFIG_PATH": f"{HERE / 'desk'}:{HERE / 'everyone'}",
    # The notebooks' tensors are small: more threads gain nothing, and take the processors from the others.
    "OMP_NUM_THREADS": "1",
}

c.JupyterHub.services = [
    {
        "name": COURSE_ID,
        "url": "http://127.0.0.1:9999",
        "command": SERVER,
        "user": GRADER,
        "cwd": COURSE,
        "environment": {**ENVIRONMENT, "JUPYTERHUB_DEFAULT_URL": "/lab"},
        "oauth_no_confirm": True,  # it is the course's own: nobody need be asked whether it may know who comes
    }
]
c.JupyterHub.load_roles = [
    {"name": "instructor", "users": INSTRUCTORS, "scopes": [f"access:services!service={COURSE_ID}"]}
]
