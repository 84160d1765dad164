"""The WSGI application that Granian serves."""

import gc
import os
import threading

from django.core.wsgi import get_wsgi_application

from handrail.site.command_line import NEW_THINGS

gc.set_threshold(NEW_THINGS)  # the process that serves is not the one of the command
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
application = get_wsgi_application()

# Set by `handrail serve`: embedded runners drain the outbox beside the requests.
if os.environ.get("HANDRAIL_RUN_WORKER") == "yes":
    from django.utils import timezone

    from handrail.apps.outbox.worker import run_beside
    from handrail.site.mail_in import run_mail_in_beside

    run_beside(threading.Event(), timezone.now)
    run_mail_in_beside(threading.Event(), timezone.now)
