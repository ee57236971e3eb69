# %% [markdown]
# # Which lever matters
#
# A shop can do many things about one problem. An experiment names the levers, their ranges and the outcomes; studies do
# the rest. Here it is plain data; a file works the same.

# %%
import cxsim

experiment = {
    "name": "which_lever",
    "question": "Staff, parts in stock, or telling people in time?",
    "scenario": "workshop",
    "levers": {
        "servers": {"path": "desks.counter.servers", "low": 1, "high": 2, "whole": True},
        "missing_parts": {"path": "touchpoints.repair.causes.parts.probability", "low": 0.0, "high": 0.16},
        "told_early": {"path": "company.tells_early", "low": 0.0, "high": 1.0},
    },
    "outcomes": ["defection_rate", "profit_per_customer"],
    "design": {"kind": "one_at_a_time", "levels": 3},
    "replications": 4,
}

# %% [markdown]
# One lever at a time, the others as they stand. The scenario as it is comes first; every difference is paired with it.

# %%
study = cxsim.sweep(experiment, jobs=1)
policies = study.policies
shown = ["servers", "missing_parts", "told_early", "outcome", "difference", "difference_low", "difference_high"]
print(policies[shown].to_string())

# %% [markdown]
# Screening (Morris) moves the levers together and ranks them. `effect` is the mean change of the outcome over the whole
# range of a lever. Read the intervals: levers whose intervals overlap are not ranked.

# %%
ranking = cxsim.sensitivity(experiment, method="morris", size=4, replications=2, jobs=1)
print(ranking.indices.to_string())

# %% [markdown]
# The same from the command line: `cxsim sweep FILE`, `cxsim sensitivity FILE`. There it also goes on where it stopped.
