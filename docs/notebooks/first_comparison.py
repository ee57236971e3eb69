# %% [markdown]
# # A first comparison
#
# A bicycle repair shop with one person at the counter, or two? Both worlds are lived with the same luck, so their
# difference is what the second person does.

# %%
import cxsim
from cxsim.scenario.ready import find_scenario

shop = cxsim.load(find_scenario("workshop"))
print(shop.title, "-", shop.population.customers, "customers,", len(shop.touchpoints), "touchpoints")

# %% [markdown]
# A variant is told by paths into the scenario, the same as `--set` on the command line.

# %%
study = cxsim.compare(
    shop,
    {
        "two at the counter": {"desks.counter.servers": 2},
        "told early": {"company.tells_early": 0.8, "company.explains": 0.8},
    },
    replications=8,
)
shown = ["satisfaction", "poor_journey_rate", "defection_rate", "profit_per_customer"]
table = study.table.query("measure in @shown")
print(table[["variant", "label", "baseline", "difference", "low", "high", "verdict"]].to_string(index=False))

# %% [markdown]
# `low` and `high` are a 95 % interval. Where it holds zero, there is no clear difference. Replication by replication,
# the same difference looks like this: each line is one stroke of luck, lived three times.

# %%
runs = {name: result.runs["defection_rate"] for name, result in study.results.items()}
for replication in range(8):
    print(replication, "  ".join(f"{name}: {values[replication]:.3f}" for name, values in runs.items()))

# %% [markdown]
# Charts are functions from a result or a comparison to a Plotly figure. Their titles say what they show.

# %%
from cxsim.charts.measures import paired_differences  # noqa: E402

figure = paired_differences(study)
print(figure.layout.title.text)
figure  # noqa: B018
