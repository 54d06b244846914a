#include "twilio_balance.h"
