"""Mistakes in the data of notebook 1."""

from tests.bank.wrong.plain import costs

_SEED, _LINE = "    np.random.seed(seed)\n", "    line = 3 * x + 5 + np.random.normal(0, 2, 100)\n"
_PARABOLA = "    parabola = 0.5 * x**2 - 4 * x + np.random.normal(0, 5, 100)\n"
_NOISE = "line parabola seed"


def _deviations(of_line, of_parabola):
    lines = ("+ 5 + np.random.normal(0, {},", 2, of_line), ("* x + np.random.normal(0, {},", 5, of_parabola)
    return [(line.format(right), line.format(wrong)) for line, right, wrong in lines]


MISTAKES = (
    costs(_NOISE, "make_data", "the parabola is drawn first", (_LINE + _PARABOLA, _PARABOLA + _LINE)),
    costs("parabola seed", "make_data", "the stream begins anew", (_PARABOLA, _SEED + _PARABOLA)),
    costs("seed", "make_data", "the seed is not used", ("seed(seed)", "seed(0)")),
    costs("seed", "make_data", "no seed", (_SEED, "")),
    costs(
        _NOISE,
        "make_data",
        "another generator of numpy",
        (_SEED, "    stream = np.random.default_rng(seed)\n"),
        ("np.random.normal(0, 2", "stream.normal(0, 2"),
        ("np.random.normal(0, 5", "stream.normal(0, 5"),
    ),
    costs(
        _NOISE,
        "make_data",
        "torch's generator",
        (_SEED, "    torch.manual_seed(seed)\n"),
        ("np.random.normal(0, 2, 100)", "2 * torch.randn(100).numpy()"),
        ("np.random.normal(0, 5, 100)", "5 * torch.randn(100).numpy()"),
    ),
    costs(
        _NOISE,
        "make_data",
        "noise that is spread evenly",
        ("normal(0, 2", "uniform(-2, 2"),
        ("normal(0, 5", "uniform(-5, 5"),
    ),
    costs(_NOISE, "make_data", "variances for deviations", *_deviations("2**0.5", "5**0.5")),
    costs(_NOISE, "make_data", "deviations squared", *_deviations("2**2", "5**2")),
    costs(_NOISE, "make_data", "deviations exchanged", *_deviations("5", "2")),
    costs(_NOISE, "make_data", "deviations of 1", *_deviations("1", "1")),
    costs(
        _NOISE,
        "make_data",
        "no noise",
        (" + np.random.normal(0, 2, 100)", ""),
        (" + np.random.normal(0, 5, 100)", ""),
    ),
    costs("line", "make_data", "slope and intercept exchanged", ("3 * x + 5", "5 * x + 3")),
    costs("parabola", "make_data", "plus for minus", ("- 4 * x", "+ 4 * x")),
    costs("parabola", "make_data", "half of both", ("0.5 * x**2 - 4 * x", "0.5 * (x**2 - 4 * x)")),
    costs("parabola", "make_data", "half of it squared", ("0.5 * x**2", "(0.5 * x)**2")),
    costs("parabola", "make_data", "half forgotten", ("0.5 * x**2", "x**2")),
    costs("x line parabola", "make_data", "the end left out", ("10, 100)", "10, 100, endpoint=False)")),
    costs("x line parabola", "make_data", "equal steps by arange", ("linspace(-10, 10, 100)", "arange(-10, 10, 0.2)")),
    costs(
        "x line parabola seed", "make_data", "drawn inputs", ("linspace(-10, 10, 100)", "random.uniform(-10, 10, 100)")
    ),
    costs(
        "x line parabola seed",
        "make_data",
        "columns",
        ("10, 100)", "10, 100)[:, None]"),
        ("2, 100)", "2, (100, 1))"),
        ("5, 100)", "5, (100, 1))"),
    ),
    costs("x line parabola seed", "make_data", "x is not returned", ("return x, line", "return line")),
    costs("x line parabola seed", "make_data", "nothing returned", ("    return x, line, parabola\n", "")),
    costs(
        "line parabola seed",
        "make_data",
        "returned in another order",
        ("return x, line, parabola", "return x, parabola, line"),
    ),
)
