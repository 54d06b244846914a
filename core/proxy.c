#include "twilio_proxy.h"
