"""Lines that work only at a student's desk, as they stand on top of a right answer: each costs itself and no more.

Every entry says, in the words that stand on the page, which line is left out; "" where nothing needs to be.
"""

from __future__ import annotations

DESK_ONLY: dict[str, tuple[str, str]] = {
    # packages
    "a package": ("import seaborn as sns\n\nsns.set_theme()", "`import seaborn as sns` (ModuleNotFoundError)"),
    "a package, in one line": (
        "import seaborn as sns; sns.set(); sns.set_palette('deep')",
        "`import seaborn as sns; sns.set(); sns.set_palette('deep')` (ModuleNotFoundError)",
    ),
    "a package, the third of four": (
        "import math\nimport numpy as np\nimport seaborn\nimport random",
        "`import seaborn` (ModuleNotFoundError)",
    ),
    "a name that another version has": ("from math import sqrt, cube", "`from math import sqrt, cube` (ImportError)"),
    "an old name of IPython": (
        "from IPython.core.display import display, set_matplotlib_formats\n\nset_matplotlib_formats('svg')",
        "`from IPython.core.display import display, set_matplotlib_formats` (ImportError)",
    ),
    "a package of Windows": ("import winsound\n\nwinsound.Beep(440, 100)", "`import winsound` (ModuleNotFoundError)"),
    "a log elsewhere": (
        "import wandb\n\nwandb.init(project='tp3', config={'lr': 0.1})",
        "`import wandb` (ModuleNotFoundError)",
    ),
    "annotations of the future": (
        "from __future__ import annotations\n\nimport seaborn",
        "`import seaborn` (ModuleNotFoundError)",
    ),
    "an installation from Python": (
        "import subprocess\n\nsubprocess.check_call(['python', '-m', 'pip', 'install', 'no-such-thing'])",
        "`subprocess.check_call(",
    ),
    "an installation that nobody can interrupt": ("import os\n\nos.system('sleep 60')", "`os.system('sleep 60')`"),
    "the version of torch": (
        "assert torch.__version__ == '2.3.1+cu118'",
        "`assert torch.__version__ == '2.3.1+cu118'` (AssertionError)",
    ),
    # pictures
    "a style": (
        "import matplotlib.pyplot as plt\n\nplt.style.use('seaborn-v0_4-whitegrid')",
        "`plt.style.use('seaborn-v0_4-whitegrid')` (OSError)",
    ),
    "a font": (
        "import matplotlib.font_manager as fm\n\nfm.fontManager.addfont('/Library/Fonts/Lato.ttf')",
        "`fm.fontManager.addfont('/Library/Fonts/Lato.ttf')` (FileNotFoundError)",
    ),
    "a window": ("import tkinter\n\nroot = tkinter.Tk()", "`root = tkinter.Tk()` (TclError)"),
    "figures with sliders": ("%matplotlib widget", "`%matplotlib widget` ("),
    # magics
    "a magic of an extension": ("%load_ext line_profiler", "`%load_ext line_profiler` (ModuleNotFoundError)"),
    "a magic of another IPython": ("%autosave_to_cloud 60", "`%autosave_to_cloud 60` (UsageError)"),
    "a cell measured by an extension": ("%%memit\nrate = 0.1", ""),
    "a cell timed": ("%%time\nimport seaborn", "`import seaborn` (ModuleNotFoundError)"),
    "a cell captured": (
        "\n\n%%capture out\nimport seaborn",
        "`import seaborn` (ModuleNotFoundError)",
    ),
    "another notebook": ("%run ../paths.ipynb", "`%run ../paths.ipynb` (Exception)"),
    "a line timed": ("%time rate = open('rate.txt').read()", "`%time rate = open('rate.txt').read()`"),
    "what the shell says": ("gpu = !nvidia-smi -L\nprint(gpu[0])", "`print(gpu[0])` (IndexError)"),
    "the kernel itself": ("get_ipython().kernel.shell_port", "`get_ipython().kernel.shell_port` (AttributeError)"),
    # files and places
    "Google Drive": (
        "from google.colab import drive\n\ndrive.mount('/content/drive')",
        "`from google.colab import drive` (ModuleNotFoundError)",
    ),
    "a folder": ("import os\n\nos.chdir('/content/drive/MyDrive')", "`os.chdir('/content/drive/MyDrive')` (File"),
    "a file": ("points = open('my.csv').read()", "`points = open('my.csv').read()` (FileNotFoundError)"),
    "a file, read line by line": (
        "with open('log.txt') as file:\n    for line in file:\n        print(line)",
        "`with open('log.txt') as file:` (FileNotFoundError)",
    ),
    "weights": ("torch.load('weights.pt')", "`torch.load('weights.pt')` (FileNotFoundError)"),
    "a download": (
        "import urllib.request\n\nurllib.request.urlretrieve('https://example.org/utils.py', 'utils.py')",
        "`urllib.request.urlretrieve('https://example.org/utils.py', 'utils.py')` (URLError)",
    ),
    "a variable of the environment": ("import os\n\nprint(os.environ['USERPROFILE'])", "(KeyError)"),
    "a locale": ("import locale\n\nlocale.setlocale(locale.LC_ALL, 'fr_FR.UTF-8')", "(Error)"),
    # somebody, and time
    "a question": ("name = input('your name? ')", "`name = input('your name? ')` (EOFError)"),
    "a secret": ("from getpass import getpass\n\ntoken = getpass()", "`token = getpass()` (EOFError)"),
    "half a minute": ("import time\n\ntime.sleep(30)", "`time.sleep(30)` (TimeLimitExceeded)"),
    "something awaited": (
        "import asyncio\n\nawait asyncio.sleep(0)\nawait fetched()",
        "`await fetched()` (NameError)",
    ),
    # a graphics card
    "the name of a card": (
        "print(torch.cuda.get_device_name(0))",
        "`print(torch.cuda.get_device_name(0))` (AssertionError)",
    ),
    "a tensor on a card": ("warm = torch.ones(2, device='cuda')", "`warm = torch.ones(2, device='cuda')` ("),
    "an end without a card": (
        "import sys\n\nif not torch.cuda.is_available():\n    sys.exit('choose a runtime with a GPU')",
        "`sys.exit('choose a runtime with a GPU')` (SystemExit)",
    ),
    "the process ended": ("import os\n\nos._exit(0)", "`os._exit(0)` (WorkerError)"),
}
