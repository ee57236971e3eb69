# %% [markdown]
# # One customer's life
#
# `CustomerModel` is a Mesa model, customers are Mesa agents. They are views on the engine's own records, so looking is
# cheap and changes nothing.

# %%
import cxsim
from cxsim.scenario.ready import find_scenario

shop = cxsim.load(find_scenario("workshop"), {"population.customers": 200, "warm_up": "30 days", "horizon": "90 days"})
model = cxsim.CustomerModel(shop, rng=1)
for _ in range(60):
    model.step()  # one day
print("day", model.day, "with", len(model.agents_by_type[cxsim.Customer]), "customers")

# %%
customers = model.agents_by_type[cxsim.Customer]
present = customers.select(lambda customer: customer.is_active)
angriest = present.sort("irritation", ascending=False).select(at_most=5)
for customer in angriest:
    print(f"{customer.number:4d}  irritation {customer.irritation:.2f}  satisfaction {customer.satisfaction:+.2f}")

# %% [markdown]
# Followed customers have every encounter on record: what was expected, what was perceived, how it felt.

# %%
result = cxsim.simulate(shop, replications=1)
encounters = result.encounters
print(encounters.columns.tolist())
print(encounters.head().to_string())

# %% [markdown]
# And in words, as `cxsim story` tells it:

# %%
print(result.story(customer=int(encounters["customer"].iloc[0]))[:1500])
