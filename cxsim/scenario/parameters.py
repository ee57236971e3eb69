"""Every parameter of the rules: value, unit, plausible range, source and how well it is grounded.

Scenario (`rules:`), engine, command line and reference all read this one table. Tags: V read in the source, S from a
secondary source, G general knowledge, D derived by arithmetic, P a proposal (a default, not a finding).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """One number of a rule.

    Attributes:
        name: name in the scenario's `rules:` and in the engine.
        value: default.
        low, high: plausible range, used by robustness studies; values outside are noted, impossible ones refused.
        unit: unit of the value.
        meaning: what it does, in plain words.
        source: where it comes from.
        tag: V, S, G, D or P; see the module.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    meaning: str
    source: str
    tag: str


_p = Parameter
_ZBP = "after Zeithaml, Berry and Parasuraman 1993, which gives no sizes"
_BKSZ = "after Boulding, Kalra, Staelin and Zeithaml 1993, which gives the form"

PARAMETERS: tuple[Parameter, ...] = (
    # Expectations
    _p("desired_start", 0.60, 0.4, 0.8, "level", "desired level of an average customer at the start", _ZBP, "P"),
    _p("adequate_start", 0.40, 0.2, 0.6, "level", "adequate level of an average customer at the start", _ZBP, "P"),
    _p("zone_minimum", 0.05, 0.01, 0.1, "level", "least width of the zone of tolerance", _ZBP, "P"),
    _p("desired_speed", 0.03, 0.0, 0.05, "share per encounter", "how fast the desired level moves", _ZBP, "P"),
    _p("adequate_speed", 0.40, 0.0, 0.5, "share per encounter", "how fast the adequate level moves", _ZBP, "P"),
    _p("predicted_effect", 0.30, 0.0, 0.5, "level per level", "a higher prediction raises what is just acceptable",
       _ZBP, "P"),
    _p("uncertainty_start", 0.04, 0.005, 0.2, "level squared", "variance of the prediction at the start; equal to "
       "seen_variance it gives a first gain of 0.5", _BKSZ, "P"),
    _p("seen_variance", 0.04, 0.005, 0.2, "level squared", "variance of delivery as customers see it", _BKSZ, "P"),
    _p("uncertainty_drift", 0.002, 0.0, 0.01, "level squared per encounter", "keeps customers learning", _BKSZ, "P"),
    _p("learning_floor", 0.10, 0.0, 0.3, "share", "least weight of the latest experience", _BKSZ, "P"),
    _p("normative_rise", 0.15, 0.0, 0.3, "share per encounter", "how fast 'should' follows better experience", _BKSZ,
       "P"),
    _p("normative_fall", 0.01, 0.0, 0.1, "share per encounter", "how fast 'should' follows worse experience", _BKSZ,
       "P"),
    _p("normative_forgetting", 0.02, 0.0, 0.1, "share per 30 days", "excess of 'should' over the own standard fades",
       "Rust and Oliver 2000 for forgetting in part", "P"),
    _p("explicit_weight", 0.25, 0.0, 0.5, "weight", "weight of the firm's own promise in the prediction", _ZBP, "P"),
    _p("message_weight", 0.25, 0.0, 0.5, "weight", "how far a promise met on the way moves the prediction, times "
       "trust", _ZBP, "P"),
    _p("implicit_weight", 0.15, 0.0, 0.4, "weight", "weight of price and looks in the prediction", _ZBP, "P"),
    _p("word_of_mouth_weight", 0.20, 0.0, 0.5, "weight", "weight of what others say in the prediction", _ZBP, "P"),
    _p("past_weight", 0.40, 0.1, 0.8, "weight", "weight of past experience in the first prediction", _ZBP, "P"),
    # Perception and feeling
    _p("delivered_weight", 0.90, 0.7, 1.0, "weight", "weight of what was delivered in what is perceived", _BKSZ, "P"),
    _p("predicted_weight", 0.20, 0.0, 0.3, "weight", "pull of the prediction on what is perceived", _BKSZ, "P"),
    _p("zone_slope", 0.20, 0.0, 0.5, "utility per zone", "slope of feeling inside the zone", "Parasuraman et al. 1994 "
       "for a nearly flat zone", "P"),
    _p("loss_aversion", 2.0, 1.0, 2.5, "ratio", "how much more a shortfall weighs than an equal excess",
       "Anderson and Sullivan 1993 for the sign; Tversky and Kahneman 1992 give 2.25 for money", "P"),
    _p("exponent", 0.88, 0.5, 1.0, "power", "diminishing sensitivity", "Tversky and Kahneman 1992", "S"),
    _p("steepness", 2.0, 1.0, 4.0, "per utility", "how fast satisfaction saturates", "form of SCIENCE A3", "P"),
    _p("effort_effect", 0.30, 0.0, 0.6, "level", "drop of the process level at full effort",
       "Dixon, Freeman and Toman 2010 for the direction", "P"),
    _p("poor_shortfall", 0.15, 0.05, 0.3, "level", "shortfall below adequate in one dimension that makes an encounter "
       "poor", "definition", "P"),
    _p("poor_weight", 0.20, 0.1, 0.4, "weight", "least weight of a dimension that can do so alone", "definition", "P"),
    _p("very_poor_margin", 0.10, 0.05, 0.2, "level", "weighted shortfall that makes an encounter very poor",
       "definition, after B.7 of the evidence list", "P"),
    _p("wow_bonus", 0.50, 0.0, 1.0, "utility", "extra value of the first wow", "Kano model and Rust and Oliver 2000",
       "P"),
    _p("wow_exposures_to_halve", 4.0, 2.0, 10.0, "exposures", "wows after which a wow counts half",
       "hedonic adaptation, Frederick and Loewenstein 1999", "P"),
    _p("peak_weight", 0.45, 0.0, 0.7, "weight", "weight of the peak in the memory of a journey",
       "Kahneman et al. 1993 for peak and end", "P"),
    _p("end_weight", 0.45, 0.0, 0.7, "weight", "weight of the end in the memory of a journey",
       "Kahneman et al. 1993 for peak and end", "P"),
    _p("journey_weight_lasting", 0.20, 0.05, 0.4, "share", "weight of the latest journey, in the long run",
       "Bolton 1998", "P"),
    _p("journey_weight_early", 0.30, 0.0, 0.6, "share", "extra weight of the first journeys", "Bolton 1998", "P"),
    _p("early_journeys", 3.0, 1.0, 10.0, "journeys", "how many journeys count as early", "Bolton 1998", "P"),
    # Waiting
    _p("wait_multiplier", 1.36, 0.8, 2.0, "ratio", "perceived minutes per minute of an empty, unknown wait",
       "press reports of queueing research; the study was not seen", "S"),
    _p("wait_occupied", 0.75, 0.5, 1.0, "ratio", "factor when the wait is filled", "Maister 1985", "P"),
    _p("wait_told", 0.85, 0.5, 1.0, "ratio", "factor when the length is told", "Maister 1985; Hui and Tse 1996", "P"),
    _p("wait_explained", 0.90, 0.5, 1.0, "ratio", "factor when the reason is told", "Maister 1985", "P"),
    _p("edgy_from", 0.30, 0.1, 0.5, "share of patience", "from here on edgy", "no published scale found", "P"),
    _p("agitated_from", 0.55, 0.3, 0.75, "share of patience", "from here on agitated", "no published scale found", "P"),
    _p("angry_from", 0.80, 0.6, 0.95, "share of patience", "from here on angry", "no published scale found", "P"),
    _p("edgy_loss", 0.02, 0.0, 0.1, "level", "drop of the process level when served edgy", "A6 of the science notes",
       "P"),
    _p("agitated_loss", 0.06, 0.0, 0.2, "level", "drop when served agitated", "A6 of the science notes", "P"),
    _p("angry_loss", 0.15, 0.0, 0.4, "level", "drop when served angry", "A6 of the science notes", "P"),
    _p("gone_loss", 0.30, 0.0, 0.6, "level", "drop for giving up", "A6 of the science notes", "P"),
    _p("acceptable_wait_start_minutes", 3.0, 0.5, 10.0, "minutes", "wait that seems normal to one without experience",
       "stated limits from 2 to 13 minutes in consumer surveys", "P"),
    _p("acceptable_wait_speed", 0.20, 0.0, 0.5, "share per wait", "how fast the acceptable wait is learned",
       "Delgado-Alvarez et al. 2013 for adaptive expected waits", "P"),
    _p("urgent_patience_loss", 0.40, 0.0, 0.8, "share", "patience taken away by full urgency", "Maister 1985 (anxiety)",
       "P"),
    # Delivery
    _p("early_gain", 0.25, 0.0, 0.5, "level", "largest lift for arriving early", "order data, Olist 2018", "P"),
    _p("early_scale", 0.40, 0.1, 1.0, "share of the expected time", "share saved that gives most of the lift",
       "order data, Olist 2018", "P"),
    _p("late_loss", 0.45, 0.1, 0.9, "level", "largest drop for arriving late", "order data, Olist 2018", "P"),
    _p("late_scale_days", 2.5, 0.5, 10.0, "days", "days late that give most of the drop", "order data, Olist 2018: "
       "scores fall by half within 2.7 days", "D"),
    _p("urgency_least", 1.3, 1.0, 2.0, "ratio", "lateness of a barely urgent order", "Taylor 1994", "P"),
    _p("urgency_most", 2.0, 1.0, 3.0, "ratio", "lateness of a very urgent order", "Taylor 1994", "P"),
    _p("overdue_uncertainty", 1.3, 1.0, 2.0, "ratio", "not knowing makes an overdue parcel worse",
       "order data, Olist 2018: lower scores while still waiting", "P"),
    _p("relief_share", 0.40, 0.0, 1.0, "share", "part of the late loss that still counts at arrival once the wait was "
       "noticed", "order data, Olist 2018: higher scores after arrival", "P"),
    _p("tracking_effect", 0.15, 0.0, 0.4, "share", "part of an overdue loss that full tracking takes away",
       "Hui and Tse 1996 for the direction", "P"),
    _p("told_effect", 0.25, 0.0, 0.5, "share", "part taken away by being told early", "Hui and Tse 1996", "P"),
    _p("explained_effect", 0.20, 0.0, 0.5, "share", "part taken away by a reason", "Taylor 1995", "P"),
    _p("trust_start", 0.70, 0.3, 1.0, "share", "trust in promises at the start", "A4 of the science notes", "P"),
    _p("trust_speed", 0.20, 0.0, 0.5, "share per promise", "how fast trust follows kept and broken promises",
       "A4 of the science notes", "P"),
    _p("lead_time_speed", 0.30, 0.0, 0.6, "share per delivery", "how fast the expected lead time is learned",
       "A4 of the science notes", "P"),
    # Memory of good and bad
    _p("irritation_half_life_days", 60.0, 15.0, 365.0, "days", "irritation halves in this time",
       "Gregoire, Tripp and Legoux 2009 observe about two months", "S"),
    _p("goodwill_start", 0.20, 0.0, 0.6, "share", "goodwill of a customer without history", "A8 of the notes", "P"),
    _p("goodwill_gain", 0.05, 0.0, 0.15, "share per encounter", "goodwill gained by an encounter that was not poor",
       "A8 of the science notes", "P"),
    _p("goodwill_keep", 0.70, 0.4, 1.0, "share", "goodwill kept after a poor encounter", "A8 of the notes", "P"),
    _p("goodwill_buffering", 0.50, 0.0, 1.0, "share", "how much full goodwill softens a fair loss",
       "Hess, Ganesan and Klein 2003 for the direction", "P"),
    _p("betrayal_amplifying", 0.50, 0.0, 1.0, "share", "how much full goodwill sharpens a betrayal",
       "Gregoire and Fisher 2008 for the direction", "P"),
    _p("repeat_memory", 0.05, 0.0, 0.3, "utility", "irritation still remembered against a stop that makes its next "
       "failure look like a repeated one, a betrayal", "Gregoire and Fisher 2008 for repetition; size proposed", "P"),
    _p("blow_up_push", 1.0, 0.0, 3.0, "utility", "push toward leaving when irritation passes the tolerance",
       "section 4 of the model, E7", "P"),
    _p("tolerance_factor", 1.0, 0.3, 3.0, "ratio", "multiplies everybody's tolerance of irritation",
       "section 4 of the model, E7", "P"),
    # Staying, speaking, leaving
    _p("voice_base", -1.5, -5.0, 2.0, "utility", "v0: readiness to complain", "fitted; Goodman for shares", "P"),
    _p("voice_monetary", 1.5, 0.0, 3.0, "utility", "money lost makes people speak", "Goodman: 50-75 % against 5-30 %",
       "P"),
    _p("success_belief", 0.50, 0.0, 1.0, "utility", "belief that complaining helps", "A10 of the notes", "P"),
    _p("complaint_effort", 0.50, 0.0, 1.5, "utility", "effort of complaining", "A10 of the notes", "P"),
    _p("escalation_probability", 0.05, 0.0, 0.15, "probability", "a complaint goes to the head office", "Goodman: 1 to "
       "5 % of those with a problem", "S"),
    _p("escalation_days", 3.0, 0.5, 14.0, "days", "mean time until the head office answers", "RightNow 2011: half give "
       "a week", "P"),
    _p("escalation_resolution", 0.90, 0.5, 1.0, "probability", "the head office settles the matter", "proposal", "P"),
    _p("escalation_recovery", 0.60, 0.0, 1.0, "share", "irritation that this takes away", "proposal", "P"),
    _p("leave_base", -3.5, -8.0, 0.0, "utility", "c0: readiness to leave", "fitted", "P"),
    _p("leave_irritation", 8.0, 0.0, 15.0, "per irritation", "c1: irritation drives out", "fitted", "P"),
    _p("leave_satisfaction", 1.5, 0.0, 5.0, "per satisfaction", "c2: satisfaction holds", "fitted; Bolton 1998", "P"),
    _p("leave_switching_cost", 1.0, 0.0, 3.0, "per level", "c3: switching costs hold", "fitted", "P"),
    _p("leave_alternatives", 1.0, 0.0, 3.0, "per level", "c4: better rivals pull", "fitted", "P"),
    _p("leave_goodwill", 1.0, 0.0, 3.0, "per share", "c5: goodwill holds", "fitted", "P"),
    _p("frequency_cut", 0.30, 0.0, 0.8, "share per severity", "how much less often those come who stay",
       "Qualtrics XMI 2021 for the direction", "P"),
    _p("frequency_half_life_days", 90.0, 15.0, 365.0, "days", "the cut halves in this time", "section 5 of the model",
       "P"),
    # Contacts
    _p("overdue_contact_days", 0.25, 0.02, 3.0, "days", "mean time from noticing an overdue parcel to asking about it",
       "proposal", "P"),
    _p("complaint_days", 0.5, 0.02, 7.0, "days", "mean time from deciding to complain to the complaint", "proposal",
       "P"),
    _p("return_probability", 0.60, 0.0, 0.9, "probability", "an unresolved contact comes back", "after Seddon 2003",
       "P"),
    _p("return_days", 3.0, 0.5, 10.0, "days", "mean time until it does", "A11 of the notes: 1 to 5 periods", "P"),
    _p("returns_most", 3.0, 0.0, 6.0, "contacts", "how often at most", "A11 of the notes", "P"),
    _p("reopening_spread_hours", 3.0, 0.5, 8.0, "hours", "those who found a desk closed come back evenly within so "
       "long after it opens", "general knowledge of opening peaks", "G"),
    _p("unresolved_loss", 0.25, 0.0, 0.6, "level", "drop of the process level when a contact settles nothing",
       "Goodman for the direction", "P"),
    _p("history_lift", 0.15, 0.0, 0.4, "level per irritation", "lift of the people level by staff who know what the "
       "customer has been through", "section 4 of the model", "P"),
    # Talk
    _p("talk_base", 0.02, 0.0, 0.1, "probability", "chance to tell one person of an indifferent journey", "A9 of the "
       "science notes", "P"),
    _p("talk_slope", 0.25, 0.0, 0.6, "probability", "rise with the square of what is remembered",
       "Anderson 1998: talk grows to both sides", "P"),
    _p("talk_negative", 1.6, 1.0, 2.5, "ratio", "bad journeys are told so much more often", "Anderson 1998; American "
       "Express 2011 finds 2", "P"),
    _p("heard_negative", 1.5, 1.0, 2.5, "ratio", "bad news weigh so much more", "A9 of the science notes; sign of "
       "Chevalier and Mayzlin 2006", "P"),
    _p("review_share", 0.2, 0.0, 1.0, "ratio", "reviews written per telling to one person", "A9 of the science notes",
       "P"),
    _p("review_prior", 50.0, 1.0, 1000.0, "reviews", "reviews that the reputation at the start is worth", "proposal",
       "P"),
    _p("wom_desired", 0.02, 0.0, 0.1, "share per telling", "what others got raises what is wanted",
       "Zeithaml et al. 1993 for the direction", "P"),
    # Technology
    _p("technology_stuck", 1.0, 0.0, 2.0, "ratio", "multiplies every chance that technology gets stuck", "Meuter et "
       "al. 2000 for the kinds of failure; enabler .05 and definer .10 in the science notes", "P"),
    _p("technology_enabler_effort", 0.30, 0.0, 0.5, "effort", "effort that an enabler takes off", "Dixon, Freeman and "
       "Toman 2010 for the direction", "P"),
    _p("technology_definer_effort", 0.10, 0.0, 0.5, "effort", "effort that a definer takes off", "A15 of the science "
       "notes", "P"),
    _p("technology_loss", 0.40, 0.0, 0.8, "level", "drop of the process level when technology gets stuck", "Meuter et "
       "al. 2000 for the direction", "P"),
    _p("technology_handover", 0.25, 0.0, 1.0, "share", "part of that drop left when a person takes over at once",
       "A15 of the science notes", "P"),
    _p("technology_contact_probability", 0.70, 0.0, 1.0, "probability", "a definer that got stuck makes people call",
       "A15 of the science notes", "P"),
    _p("technology_handover_days", 0.003, 0.0, 0.05, "days", "time until a person takes over (four minutes)",
       "proposal", "P"),
    # Promises over several channels, the best in class
    _p("inconsistency", 0.5, 0.0, 1.0, "variance per variance", "promises that disagree make customers unsure",
       "Rust, Inman, Jia and Zahorik 1999 for variance as risk", "P"),
    _p("best_in_class_pull", 0.02, 0.0, 0.05, "share per journey", "the best met anywhere lifts what is wanted",
       "Cadotte, Woodruff and Jenkins 1987 for experience-based norms", "P"),
    _p("alternatives_speed", 0.10, 0.0, 0.5, "share per journey", "how fast rivals are seen anew", "proposal", "P"),
    _p("alternatives_gain", 1.0, 0.0, 3.0, "strength per level", "rivals that gain raise 'what the best others do'",
       "Zeithaml et al. 1993 for the direction", "P"),
    # Joining
    _p("join_expectation", 6.0, 0.0, 15.0, "per level", "expecting more here than elsewhere makes prospects join",
       "A13 of the science notes for the direction", "P"),
    # Scores
    _p("stars_middle", 3.6, 2.5, 4.5, "stars", "stars at satisfaction 0", "order data, Olist 2018: mean 4.1", "P"),
    _p("stars_slope", 3.0, 1.0, 6.0, "stars", "rise of the stars with satisfaction", "order data, Olist 2018", "P"),
    _p("stars_noise", 0.9, 0.0, 2.0, "stars", "spread of the stars of equally satisfied people", "order data, Olist "
       "2018", "P"),
    _p("premium_sensitivity", 1.0, 0.0, 1.0, "ratio", "how much less of a premium the price-sensitive pay", "proposal",
       "P"),
    _p("premium_scale", 0.15, 0.02, 0.5, "level", "perceived level above the market that earns most of the premium",
       "PwC 2018 for the size of premiums; form proposed", "P"),
    _p("stop_effort", 0.02, 0.0, 0.1, "effort", "effort of any stop of the journey", "proposal", "P"),
    _p("contact_effort", 0.25, 0.0, 0.6, "effort", "effort of a contact beyond the journey's own stops", "Dixon, "
       "Freeman and Toman 2010: repeated contacts are the hardest work", "P"),
    _p("effort_noise", 0.8, 0.0, 2.0, "points", "spread of the effort answers of those who had the same", "proposal",
       "P"),
    _p("recommend_middle", 0.70, 0.5, 0.9, "share of 10", "answer at satisfaction 0", "A9 of the science notes", "P"),
    _p("recommend_slope", 0.40, 0.2, 0.6, "share of 10", "rise of the answer with satisfaction", "A9 of the notes",
       "P"),
    _p("recommend_noise", 1.2, 0.0, 2.5, "points", "spread of answers of equally satisfied people", "A9 of the notes",
       "P"),
)  # fmt: skip

PARAMETER = {parameter.name: parameter for parameter in PARAMETERS}


@dataclass(frozen=True)
class Mechanism:
    """A mechanism that can be switched off, told by the parameter values that switch it off."""

    name: str
    meaning: str
    off: dict[str, float]


MECHANISMS: tuple[Mechanism, ...] = (
    # Expectations
    Mechanism("learning", "expectations learn from experience",
              {"desired_speed": 0, "adequate_speed": 0, "learning_floor": 0, "uncertainty_start": 0,
               "uncertainty_drift": 0, "inconsistency": 0, "normative_rise": 0, "normative_fall": 0,
               "normative_forgetting": 0}),
    Mechanism("rising_bar", "better experience raises what should be", {"normative_rise": 0}),
    Mechanism("forgetting", "what should be fades back toward the own standard", {"normative_forgetting": 0}),
    Mechanism("messages", "promises met on the way move what is predicted", {"message_weight": 0}),
    Mechanism("inconsistent_promises", "promises that disagree make unsure", {"inconsistency": 0}),
    Mechanism("trust", "kept and broken promises change how far promises are believed", {"trust_speed": 0}),
    Mechanism("word_of_mouth", "customers tell each other", {"talk_base": 0, "talk_slope": 0}),
    Mechanism("loud_bad_news", "bad experiences are told more often and weigh more",
              {"talk_negative": 1, "heard_negative": 1}),
    Mechanism("reviews", "customers write reviews that newcomers read", {"review_share": 0}),
    Mechanism("best_in_class", "the best met anywhere lifts what is wanted", {"best_in_class_pull": 0}),
    Mechanism("moving_alternatives", "rivals are seen anew", {"alternatives_speed": 0, "alternatives_gain": 0}),
    Mechanism("joining", "prospects who expect more here than elsewhere join more", {"join_expectation": 0}),
    # Perceiving and feeling
    Mechanism("perception_bias", "expectations colour what is perceived",
              {"delivered_weight": 1, "predicted_weight": 0}),
    Mechanism("loss_aversion", "shortfalls weigh more than excesses", {"loss_aversion": 1}),
    Mechanism("wow_bonus", "a wow gives extra value", {"wow_bonus": 0}),
    Mechanism("wow_adaptation", "each wow is worth less than the one before", {"wow_exposures_to_halve": 1e9}),
    Mechanism("effort", "effort lowers what is perceived", {"effort_effect": 0}),
    Mechanism("technology", "technology saves effort and gets stuck",
              {"technology_enabler_effort": 0, "technology_definer_effort": 0, "technology_stuck": 0}),
    Mechanism("peak_end", "memory keeps peak and end", {"peak_weight": 0, "end_weight": 0}),
    Mechanism("early_weight", "first journeys weigh more", {"journey_weight_early": 0}),
    # Waiting and deliveries
    Mechanism("wait_moods", "waiting lowers what is felt at the desk",
              {"edgy_loss": 0, "agitated_loss": 0, "angry_loss": 0, "gone_loss": 0}),
    Mechanism("wait_psychology", "empty, untold and unexplained waits feel longer",
              {"wait_multiplier": 1, "wait_occupied": 1, "wait_told": 1, "wait_explained": 1}),
    Mechanism("wait_learning", "what wait seems normal is learned", {"acceptable_wait_speed": 0}),
    Mechanism("delivery_response", "early and late deliveries are felt", {"early_gain": 0, "late_loss": 0}),
    Mechanism("lead_time_learning", "the expected lead time is learned", {"lead_time_speed": 0}),
    Mechanism("urgency", "urgency makes late later and waits longer",
              {"urgency_least": 1, "urgency_most": 1, "urgent_patience_loss": 0}),
    Mechanism("overdue_uncertainty", "not knowing makes an overdue parcel worse, its arrival brings relief",
              {"overdue_uncertainty": 1, "relief_share": 1}),
    Mechanism("communication", "tracking, an early word and a reason soften an overdue parcel",
              {"tracking_effect": 0, "told_effect": 0, "explained_effect": 0}),
    # Memory
    Mechanism("goodwill", "good history softens losses and sharpens betrayal",
              {"goodwill_start": 0, "goodwill_gain": 0}),
    Mechanism("betrayal", "what looks like betrayal hurts more, the more goodwill there was",
              {"betrayal_amplifying": 0}),
    Mechanism("buffering", "goodwill softens what looks fair", {"goodwill_buffering": 0}),
    Mechanism("blow_up", "many small irritations end in a blow-up", {"tolerance_factor": 1e9}),
    # Staying, speaking, leaving
    Mechanism("voice", "customers complain", {"voice_base": -1e9}),
    Mechanism("escalation", "some complaints go to the head office", {"escalation_probability": 0}),
    Mechanism("leaving", "customers leave after poor journeys", {"leave_base": -1e9}),
    Mechanism("frequency_cut", "those who stay come less often", {"frequency_cut": 0}),
    # Contacts
    Mechanism("returning_contacts", "unresolved contacts come back", {"return_probability": 0}),
    Mechanism("unresolved_contacts", "contacts that settle nothing are felt", {"unresolved_loss": 0}),
    Mechanism("informed_staff", "staff who know the history recover more", {"history_lift": 0}),
    # Money
    Mechanism("premium", "quality above the market earns a premium", {"premium_scale": 1e9}),
)  # fmt: skip

MECHANISM = {mechanism.name: mechanism for mechanism in MECHANISMS}


def resolve_parameters(overrides: dict[str, float], mechanisms: dict[str, bool]) -> dict[str, float]:
    """Value of every parameter after the scenario's overrides and switches."""
    values = {parameter.name: parameter.value for parameter in PARAMETERS} | overrides
    for name, on in mechanisms.items():
        if not on:
            values |= MECHANISM[name].off
    return values
