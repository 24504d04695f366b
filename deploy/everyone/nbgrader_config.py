# What nbgrader knows in every server of the hub; the settings are in ../jupyterhub_config.py.
import os

c = get_config()

c.CourseDirectory.course_id = os.environ["COURSEKIT_COURSE"]
c.Exchange.root = os.environ["COURSEKIT_EXCHANGE"]
