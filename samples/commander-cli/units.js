'use strict';

// How many of the kind's base unit (metre, gram, second) one of each is.
const UNITS = {
  length: { mm: 0.001, cm: 0.01, m: 1, km: 1000, in: 0.0254, ft: 0.3048, mi: 1609.344 },
  mass: { g: 1, kg: 1000, t: 1e6, oz: 28.349523125, lb: 453.59237 },
  time: { s: 1, min: 60, h: 3600, d: 86400 },
};

exports.unitsOf = (kind) => Object.keys(UNITS[kind]);

exports.convert = (kind, amount, from, to) => (amount * UNITS[kind][from]) / UNITS[kind][to];
